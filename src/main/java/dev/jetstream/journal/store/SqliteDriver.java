package dev.jetstream.journal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * SQLite's driver, whose connections compile the statement that writes blocks once, and say why a commit failed. Where a disk
 * is full, SQLite ends the transaction by itself; the plugin then switches it off once more, which fails too, and that failure,
 * "no transaction is active", is all that anybody would learn.
 *
 * <p>Named in {@code journal-sqlite.conf}, made by the connection pool.
 */
public final class SqliteDriver extends JDBC {
    /** For the connection pool. */
    public SqliteDriver() {}

    /** @return null where the URL is another driver's, as JDBC demands */
    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        return isValidURL(url) ? new JournalConnection(url.trim(), withoutGeneratedKeys(info)) : null;
    }

    /** Nobody asks for them, and the driver would for each row. */
    private static Properties withoutGeneratedKeys(Properties info) {
        Properties own = new Properties();
        own.putAll(info);
        own.setProperty(SQLiteConfig.Pragma.JDBC_GET_GENERATED_KEYS.pragmaName, "false");
        return own;
    }

    private static final class JournalConnection extends JDBC4Connection {
        private PreparedStatement insert;
        private SQLException failedCommit;

        JournalConnection(String url, Properties info) throws SQLException {
            super(url, url.substring(PREFIX.length()), info);
        }

        @Override
        public PreparedStatement prepareStatement(String sql) throws SQLException {
            if (!sql.equals(BlockDao.INSERT)) {
                return super.prepareStatement(sql);
            }
            if (insert == null) {
                insert = new KeptStatement(this, sql);
            }
            return insert;
        }

        @Override
        public void commit() throws SQLException {
            try {
                super.commit();
            } catch (SQLException e) {
                failedCommit = e;
                throw e;
            }
        }

        @Override
        public void setAutoCommit(boolean on) throws SQLException {
            SQLException before = failedCommit;
            failedCommit = null;
            try {
                super.setAutoCommit(on);
            } catch (SQLException e) {
                throw before == null ? e : before;
            }
        }
    }

    /** Closed with its connection; or by its first failure, after which SQLite's driver may have no use for it. */
    private static final class KeptStatement extends JDBC4PreparedStatement {
        private final JournalConnection keeper;

        KeptStatement(JournalConnection keeper, String sql) throws SQLException {
            super(keeper, sql);
            this.keeper = keeper;
        }

        @Override
        public int executeUpdate() throws SQLException {
            try {
                return super.executeUpdate();
            } catch (SQLException e) {
                keeper.insert = null;
                super.close();
                throw e;
            }
        }

        @Override
        public void close() throws SQLException {
            if (keeper.insert == this) {
                clearParameters();
            }
        }
    }
}
