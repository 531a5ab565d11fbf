#include "camera/picture_memory.hpp"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "base/synchronized.hpp"

namespace farmwall::camera {
namespace {

struct Block {
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
};

void free_block(const Block& block) {
    ::operator delete (block.bytes, std::align_val_t{PictureMemory::alignment});
}

}  // namespace

struct PictureMemory::Shared {
    explicit Shared(std::size_t most) : most_idle_bytes{most} {}
    ~Shared() { free_all(); }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    struct State {
        std::vector<Block> idle;  // unused longest first
        Totals totals;
    };
    const std::size_t most_idle_bytes;
    Synchronized<State> state;

    // Null: none of this size waits. The one used last is the likeliest to lie in a cache.
    std::uint8_t* take(std::size_t size) {
        return state.with([&](State& now) -> std::uint8_t* {
            now.totals.used_bytes += size;
            const auto found = std::find_if(now.idle.rbegin(), now.idle.rend(),
                                            [&](const Block& block) { return block.size == size; });
            if (found == now.idle.rend()) return nullptr;
            std::uint8_t* bytes = found->bytes;
            now.idle.erase(std::next(found).base());
            now.totals.idle_bytes -= size;
            return bytes;
        });
    }
    // Keeps to `most` idle bytes; what is too much is freed outside the lock.
    void give_back(const Block& block) noexcept {
        std::vector<Block> freed;
        state.with([&](State& now) {
            now.totals.used_bytes -= block.size;
            now.totals.idle_bytes += block.size;
            now.idle.push_back(block);
            std::size_t count = 0;
            while (now.totals.idle_bytes > most_idle_bytes && count < now.idle.size())
                now.totals.idle_bytes -= now.idle[count++].size;
            freed.assign(now.idle.begin(), now.idle.begin() + static_cast<std::ptrdiff_t>(count));
            now.idle.erase(now.idle.begin(), now.idle.begin() + static_cast<std::ptrdiff_t>(count));
        });
        std::for_each(freed.begin(), freed.end(), free_block);
    }
    void free_all() noexcept {
        const std::vector<Block> freed = state.with([](State& now) {
            now.totals.idle_bytes = 0;
            return std::exchange(now.idle, {});
        });
        std::for_each(freed.begin(), freed.end(), free_block);
    }
};

PictureMemory::PictureMemory(std::size_t most_idle_bytes)
    : shared_{std::make_shared<Shared>(most_idle_bytes)} {}

std::shared_ptr<std::uint8_t> PictureMemory::take(std::size_t bytes) {
    constexpr std::size_t step = 4096;
    const std::size_t size = (std::max<std::size_t>(bytes, 1) + step - 1) / step * step;
    std::uint8_t* found = shared_->take(size);
    if (found == nullptr) {
        found = static_cast<std::uint8_t*>(::operator new (size, std::align_val_t{alignment}, std::nothrow));
        if (found == nullptr) {
            shared_->state.with([&](Shared::State& now) { now.totals.used_bytes -= size; });
            throw std::bad_alloc{};
        }
    }
    return {found, [shared = shared_, size](std::uint8_t* block) { shared->give_back({block, size}); }};
}

void PictureMemory::trim() { shared_->free_all(); }

PictureMemory::Totals PictureMemory::totals() const {
    return shared_->state.with([](const Shared::State& now) { return now.totals; });
}

}  // namespace farmwall::camera
