#pragma once

namespace farmwall {

// The deleter of a C library's object: std::unique_ptr<SSL, Freer<SSL_free>>.
template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};

}  // namespace farmwall
