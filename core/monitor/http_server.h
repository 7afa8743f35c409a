// A small HTTP server (GNU libmicrohttpd) for what machines ask of a running producer: a few GET paths, answered by
// functions on its own threads. Owned by the endpoints; its destructor ends the threads and waits only for answers that
// are being made. Handlers are called on several threads at once.
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/server_address.h"

#include <functional>
#include <memory>
#include <string>

namespace dashstream::monitor {

struct HttpRequest {
    std::string path;   ///< "/health"
    std::string format; ///< of "?format=…"; may be empty
    std::string accept; ///< the Accept header; may be empty
};

struct HttpReply {
    int status = 200;
    std::string contentType = "text/plain; charset=utf-8";
    std::string body;
};

using HttpHandler = std::function<HttpReply(const HttpRequest& request)>;

class HttpServer {
public:
    /// A client that sends or takes nothing for so long is dropped.
    static constexpr std::chrono::seconds kClientPatience{2};
    /// Threads that make answers; a slow client holds none of them up.
    static constexpr unsigned kThreads = 2;
    static constexpr unsigned kConnections = 64; ///< at once; one more is closed

    /// Port 0 of `address`: any free one. GET and HEAD reach the handler; another method is 405.
    /// Error "http.listen" (Local): the port is in use, may not be used, or the address is not of this machine.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const config::ServerAddress& address,
                                                                   HttpHandler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] int port() const { return m_port; }

private:
    struct Context;
    explicit HttpServer(std::unique_ptr<Context> context, int port);

    std::unique_ptr<Context> m_context;
    int m_port;
};

} // namespace dashstream::monitor
