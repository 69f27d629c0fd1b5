package dev.jetstream.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * SQLite's driver, whose connections say why a commit failed. Where a disk is full, SQLite ends the transaction by itself; the plugin
 * then switches it off once more, which fails too, and that failure, "no transaction is active", is all that anybody would learn.
 *
 * <p>Named in {@code journal-sqlite.conf}, made by the connection pool.
 */
public final class SqliteDriver extends JDBC {
    /** For the connection pool. */
    public SqliteDriver() {}

    /** @return null where the URL is another driver's, as JDBC demands */
    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        return isValidURL(url) ? new OutspokenConnection(url.trim(), info) : null;
    }

    private static final class OutspokenConnection extends JDBC4Connection {
        private SQLException failedCommit;

        OutspokenConnection(String url, Properties info) throws SQLException {
            super(url, url.substring(PREFIX.length()), info);
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
}
