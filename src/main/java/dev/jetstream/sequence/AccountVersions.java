package dev.jetstream.sequence;

/**
 * The newest version ingested of each account that was active lately, in bounded memory: two generations of an open-addressed
 * table. When the younger one is full the older one is dropped, and its newest content becomes the floor for accounts that are in
 * neither. Not thread-safe.
 */
final class AccountVersions {
    /** At 1,000 frames a second two generations cover at least four minutes. */
    private static final int MAX_ACCOUNTS = 1 << 17;

    private static final int INITIAL_SLOTS = 1 << 10;

    private Generation young = new Generation();
    private Generation old = new Generation();
    private long floor;

    private static final class Generation {
        private long[] slots = new long[2 * INITIAL_SLOTS];
        private int count;
        private long newest;

        /** Index of the account's slot, or of the free slot where it belongs. */
        int slot(long account) {
            int mask = slots.length / 2 - 1;
            int slot = (int) (account >>> 32) & mask;
            while (slots[2 * slot] != 0 && slots[2 * slot] != account) {
                slot = slot + 1 & mask;
            }
            return 2 * slot;
        }

        void put(long account, long version) {
            int slot = slot(account);
            if (slots[slot] == 0) {
                if (4 * ++count > slots.length) {
                    grow();
                    slot = slot(account);
                }
                slots[slot] = account;
            }
            slots[slot + 1] = version;
        }

        private void grow() {
            long[] before = slots;
            slots = new long[2 * before.length];
            for (int i = 0; i < before.length; i += 2) {
                if (before[i] != 0) {
                    int slot = slot(before[i]);
                    slots[slot] = before[i];
                    slots[slot + 1] = before[i + 1];
                }
            }
        }
    }

    /** The version of an account that is not known. */
    static final long UNKNOWN = -1;

    /** @param floor what {@link #floor} returns until an account is forgotten */
    AccountVersions(long floor) {
        this.floor = floor;
    }

    /** Newest content that was ingested of any account which is not known: what is newer is certainly new. */
    long floor() {
        return floor;
    }

    /** The account's newest version, or {@link #UNKNOWN}. */
    long newest(long account) {
        int slot = young.slot(account);
        if (young.slots[slot] != 0) {
            return young.slots[slot + 1];
        }
        slot = old.slot(account);
        return old.slots[slot] != 0 ? old.slots[slot + 1] : UNKNOWN;
    }

    /**
     * Remembers a version, unless it is older than the one known.
     *
     * @param newness how new the content is, for the floor that holds when the account is forgotten
     */
    void add(long account, long version, long newness) {
        int slot = young.slot(account);
        if (young.slots[slot] != 0) {
            young.slots[slot + 1] = Math.max(version, young.slots[slot + 1]);
        } else {
            if (young.count == MAX_ACCOUNTS) {
                floor = Math.max(floor, old.newest);
                old = young;
                young = new Generation();
            }
            int before = old.slot(account);
            young.put(account, Math.max(version, old.slots[before] == 0 ? 0 : old.slots[before + 1]));
        }
        young.newest = Math.max(young.newest, newness);
    }
}
