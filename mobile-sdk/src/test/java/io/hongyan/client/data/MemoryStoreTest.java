package io.hongyan.client.data;

class MemoryStoreTest extends StoreContract {
    @Override
    Store newStore() {
        return new MemoryStore();
    }
}
