#include "core/monitor/http_server.h"

#include "core/store/file_handle.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <utility>

namespace dashstream::monitor {

struct HttpServer::Context {
    explicit Context(HttpHandler answers) : handler(std::move(answers)) {}
    ~Context() {
        if (daemon != nullptr) {
            ::MHD_stop_daemon(daemon); // closes the socket, too
        }
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const HttpHandler handler;
    MHD_Daemon* daemon = nullptr;
};

namespace {

using Socket = store::FileHandle;

Failure cannotListen(const config::ServerAddress& address, const std::string& why) {
    return fail(ErrorClass::Local, "http.listen", "Cannot listen on " + address.text() + ": " + why,
                "Choose another address or port, or end what uses it.");
}

std::string reasonOf(int error) {
    switch (error) {
    case EADDRINUSE:
        return "another process uses this port";
    case EACCES:
        return "this user may not use this port";
    case EADDRNOTAVAIL:
        return "this machine does not have this address";
    case EAFNOSUPPORT:
        return "this machine has no addresses of this kind";
    default:
        return "the system refuses it";
    }
}

struct FreeAddresses {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

Result<Socket> listeningSocket(const config::ServerAddress& address) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE;
    addrinfo* list = nullptr;
    if (::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &wanted, &list) != 0) {
        return cannotListen(address, "the host name is not known");
    }
    const std::unique_ptr<addrinfo, FreeAddresses> found(list);
    Socket socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()) {
        return cannotListen(address, reasonOf(errno));
    }
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
        return cannotListen(address, reasonOf(errno));
    }
    return socket;
}

int portOf(const Socket& socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof(bound);
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) { // NOLINT: the system's way
        return 0;
    }
    return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port // NOLINT
                                             : reinterpret_cast<const sockaddr_in*>(&bound)->sin_port); // NOLINT
}

std::string orEmpty(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

HttpReply replyTo(const HttpHandler& handler, MHD_Connection* connection, const char* path, const std::string& method) {
    constexpr const char* kText = "text/plain; charset=utf-8";
    if (method != "GET" && method != "HEAD") {
        return {405, kText, "Only GET is answered here.\n"};
    }
    try {
        return handler({orEmpty(path),
                        orEmpty(::MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "format")),
                        orEmpty(::MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT))});
    } catch (const std::exception&) { // out of memory; no exception may reach the C library
        return {500, kText, "The answer could not be made.\n"};
    }
}

/// Called first when the request's head was read (nothing is answered yet, or a body would break the connection), then
/// for each piece of a body, which is dropped, and at last with none.
MHD_Result handle(void* context, MHD_Connection* connection, const char* path, const char* method, const char*,
                  const char*, std::size_t* bodyBytes, void** seen) {
    static char headSeen = 0;
    if (*seen == nullptr) {
        *seen = &headSeen;
        return MHD_YES;
    }
    if (*bodyBytes > 0) {
        *bodyBytes = 0;
        return MHD_YES;
    }
    const HttpReply reply = replyTo(*static_cast<const HttpHandler*>(context), connection, path, orEmpty(method));
    // The library copies the bytes and does not change them.
    MHD_Response* response = ::MHD_create_response_from_buffer(reply.body.size(), const_cast<char*>(reply.body.data()),
                                                               MHD_RESPMEM_MUST_COPY); // NOLINT
    if (response == nullptr) {
        return MHD_NO;
    }
    ::MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.contentType.c_str());
    ::MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    ::MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    const MHD_Result queued = ::MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
    ::MHD_destroy_response(response);
    return queued;
}

} // namespace

HttpServer::HttpServer(std::unique_ptr<Context> context, int port) : m_context(std::move(context)), m_port(port) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(const config::ServerAddress& address, HttpHandler handler) {
    auto socket = listeningSocket(address);
    if (!socket) {
        return fail(socket.error());
    }
    const int port = portOf(*socket);
    auto context = std::make_unique<Context>(std::move(handler));
    context->daemon = ::MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, handle,
                                         const_cast<HttpHandler*>(&context->handler), // NOLINT: the library wants void*
                                         MHD_OPTION_LISTEN_SOCKET, socket->get(), MHD_OPTION_THREAD_POOL_SIZE, kThreads,
                                         MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(kClientPatience.count()),
                                         MHD_OPTION_CONNECTION_LIMIT, kConnections, MHD_OPTION_END);
    if (context->daemon == nullptr) {
        return cannotListen(address, "the system has no thread or descriptor left");
    }
    static_cast<void>(socket->release());
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(context), port));
}

} // namespace dashstream::monitor
