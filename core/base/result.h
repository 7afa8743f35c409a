// Result<T>: a value or an Error. Whatever can fail returns one; ignoring it is a compiler warning.
#pragma once

#include "core/base/error.h"

#include <tl/expected.hpp>

namespace dashstream {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
    Result(Base&& base) : Base(std::move(base)) {}
};

using Failure = tl::unexpected<Error>;

[[nodiscard]] inline Failure fail(Error error) {
    return Failure(std::move(error));
}

[[nodiscard]] inline Failure fail(ErrorClass errorClass, std::string code, std::string message,
                                  std::string remedy = {}) {
    return Failure(Error{errorClass, std::move(code), std::move(message), std::move(remedy)});
}

} // namespace dashstream
