#include "sim/camera/rtsp_server.hpp"

#include <fmt/format.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/rtsp-server/rtsp-server.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

#include "base/platform.hpp"
#include "sim/camera/packet_faults.hpp"

namespace farmwall::sim {

namespace {

constexpr const char* user = "bblp";
constexpr const char* path = "/streaming/live/1";
constexpr const char* role = "owner";
constexpr const char* realm = "LIVE555 Streaming Media";
constexpr const char* pipeline =
    "( appsrc name=src is-live=true format=time block=false max-buffers=30 "
    "leaky-type=downstream caps=video/x-h264,stream-format=byte-stream,alignment=au "
    "! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )";
// A DESCRIBE waits for the first picture, on one of these.
constexpr int client_threads = 4;

struct Unref {
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
template <class T>
using Object = std::unique_ptr<T, Unref>;

Error failed(std::string what, const GError* error = nullptr) {
    if (error != nullptr) what += fmt::format(", {}", error->message);
    return Error{ErrorKind::unavailable, std::move(what)};
}

// Only what the cameras need is loaded: looking through every installed plugin, as the library would,
// takes seconds and writes into the home folder.
Status load_plugins() {
    for (const char* name : {"coreelements", "app", "videoparsersbad", "rtp", "rtpmanager"}) {
        const std::string file =
            fmt::format("{}/{}gst{}{}", FARM_GST_PLUGINS, FARM_LIBRARY_PREFIX, name, FARM_LIBRARY_SUFFIX);
        GError* error = nullptr;
        GstPlugin* plugin = gst_plugin_load_file(file.c_str(), &error);
        if (plugin == nullptr) {
            auto problem = failed("A plugin of GStreamer cannot be loaded", error);
            g_clear_error(&error);
            return problem;
        }
        // A plugin that was loaded by hand is known only once the registry has it.
        gst_registry_add_plugin(gst_registry_get(), plugin);
        gst_object_unref(plugin);
    }
    return Done{};
}

Result<Object<GTlsCertificate>> certificate_of(const TlsIdentity& identity) {
    const std::string pem = identity.certificate_pem + identity.key_pem;
    GError* error = nullptr;
    Object<GTlsCertificate> certificate{
        g_tls_certificate_new_from_pem(pem.data(), static_cast<gssize>(pem.size()), &error)};
    if (certificate) return certificate;
    auto problem = failed("GLib does not take the certificate of a virtual camera", error);
    g_clear_error(&error);
    return problem;
}

// What the library's callbacks use; they may come after the server has gone.
struct Stream {
    std::mutex mutex;
    Object<GstAppSrc> source;       // while somebody watches
    GstRTSPMedia* media = nullptr;  // whose source it is; never followed
    TimePoint first;                // when its first picture was taken
    std::function<void(bool)> on_watched;
    PacketFaults faults;
};
using StreamPointer = std::shared_ptr<Stream>;

void drop_pointer(gpointer data, GClosure*) { delete static_cast<StreamPointer*>(data); }

void connect(gpointer object, const char* signal, GCallback callback, const StreamPointer& stream) {
    g_signal_connect_data(object, signal, callback, new StreamPointer{stream}, drop_pointer, GConnectFlags{});
}

GstPadProbeReturn packet_leaves(GstPad*, GstPadProbeInfo* info, gpointer data) {
    return (*static_cast<StreamPointer*>(data))->faults.apply(*info) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

void media_ended(GstRTSPMedia* media, gpointer data) {
    Stream& stream = **static_cast<StreamPointer*>(data);
    Object<GstAppSrc> gone;
    std::function<void(bool)> tell;
    {
        const std::lock_guard lock{stream.mutex};
        if (stream.media != media) return;
        stream.media = nullptr;
        gone = std::move(stream.source);
        tell = stream.on_watched;
    }
    if (tell) tell(false);
}

void media_begins(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
    const StreamPointer& stream = *static_cast<StreamPointer*>(data);
    const Object<GstElement> element{gst_rtsp_media_get_element(media)};
    const Object<GstElement> payloader{gst_bin_get_by_name(GST_BIN(element.get()), "pay0")};
    const Object<GstPad> pad{gst_element_get_static_pad(payloader.get(), "src")};
    gst_pad_add_probe(
        pad.get(), static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
        packet_leaves, new StreamPointer{stream},
        [](gpointer pointer) { delete static_cast<StreamPointer*>(pointer); });
    connect(media, "unprepared", G_CALLBACK(media_ended), stream);
    std::function<void(bool)> tell;
    {
        const std::lock_guard lock{stream->mutex};
        stream->source.reset(GST_APP_SRC(gst_bin_get_by_name(GST_BIN(element.get()), "src")));
        stream->media = media;
        stream->first = {};
        tell = stream->on_watched;
    }
    if (tell) tell(true);
}

GstRTSPFilterResult remove_client(GstRTSPServer*, GstRTSPClient*, gpointer) { return GST_RTSP_FILTER_REMOVE; }

}  // namespace

struct RtspHouse::Inside {
    GMainContext* context = g_main_context_new();
    GMainLoop* loop = g_main_loop_new(context, FALSE);
    Object<GstRTSPThreadPool> pool{gst_rtsp_thread_pool_new()};
    std::jthread thread;
};

RtspHouse::RtspHouse(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}

Result<std::unique_ptr<RtspHouse>> RtspHouse::open() {
    // As X1C and H2D: TLS 1.2 and nothing else (protocol 3.2).
    g_setenv("G_TLS_GNUTLS_PRIORITY", "NORMAL:%COMPAT:-VERS-ALL:+VERS-TLS1.2", TRUE);
    g_setenv("GST_PLUGIN_SYSTEM_PATH_1_0", "", TRUE);
    g_setenv("GST_PLUGIN_PATH_1_0", "", TRUE);
    g_setenv("GST_REGISTRY_DISABLE", "yes", TRUE);
    g_setenv("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
    GError* error = nullptr;
    if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
        auto problem = failed("GStreamer does not start", error);
        g_clear_error(&error);
        return problem;
    }
    if (auto loaded = load_plugins(); !loaded) return loaded.error();
    if (g_tls_backend_supports_tls(g_tls_backend_get_default()) == FALSE)
        return failed("GLib has no TLS; the package glib-networking brings it");
    std::unique_ptr<RtspHouse> house{new RtspHouse{std::make_unique<Inside>()}};
    Inside& in = *house->inside_;
    gst_rtsp_thread_pool_set_max_threads(in.pool.get(), client_threads);
    in.thread = std::jthread{[&in] {
        platform::name_this_thread("sim-rtsp");
        g_main_context_push_thread_default(in.context);
        g_main_loop_run(in.loop);
        g_main_context_pop_thread_default(in.context);
    }};
    return house;
}

RtspHouse::~RtspHouse() {
    // Quitting a loop that does not run yet would be forgotten: ask from within.
    GSource* ask = g_idle_source_new();
    g_source_set_callback(
        ask,
        [](gpointer loop) -> gboolean {
            g_main_loop_quit(static_cast<GMainLoop*>(loop));
            return G_SOURCE_REMOVE;
        },
        inside_->loop, nullptr);
    g_source_attach(ask, inside_->context);
    g_source_unref(ask);
    inside_->thread.join();
    inside_->pool.reset();
    gst_rtsp_thread_pool_cleanup();
    g_main_loop_unref(inside_->loop);
    g_main_context_unref(inside_->context);
    gst_deinit();  // joins the threads of its streams
}

struct RtspServer::Inside {
    RtspHouse::Inside& house;
    Object<GstRTSPServer> server{gst_rtsp_server_new()};
    Object<GstRTSPAuth> auth{gst_rtsp_auth_new()};
    StreamPointer stream = std::make_shared<Stream>();
    guint source_id = 0;
};

RtspServer::RtspServer(std::unique_ptr<Inside> inside) : inside_{std::move(inside)} {}

Result<std::unique_ptr<RtspServer>> RtspServer::open(RtspHouse& house, Setup setup) {
    std::unique_ptr<RtspServer> made{new RtspServer{std::make_unique<Inside>(*house.inside_)}};
    Inside& in = *made->inside_;
    in.stream->on_watched = std::move(setup.on_watched);
    if (auto taken = made->set_identity(setup.identity); !taken) return taken.error();
    gst_rtsp_auth_set_supported_methods(in.auth.get(), GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_set_realm(in.auth.get(), realm);
    made->set_access_code(setup.access_code);

    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, pipeline);
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_protocols(factory, GST_RTSP_LOWER_TRANS_TCP);
    gst_rtsp_media_factory_add_role(factory, role, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
    connect(factory, "media-configure", G_CALLBACK(media_begins), in.stream);
    const Object<GstRTSPMountPoints> mounts{gst_rtsp_server_get_mount_points(in.server.get())};
    gst_rtsp_mount_points_add_factory(mounts.get(), path, factory);  // takes the factory over

    gst_rtsp_server_set_auth(in.server.get(), in.auth.get());
    gst_rtsp_server_set_thread_pool(in.server.get(), in.house.pool.get());
    gst_rtsp_server_set_address(in.server.get(), "127.0.0.1");
    gst_rtsp_server_set_service(in.server.get(), "0");
    in.source_id = gst_rtsp_server_attach(in.server.get(), in.house.context);
    if (in.source_id == 0) return failed("The RTSP server of a virtual camera finds no free port");
    return made;
}

RtspServer::~RtspServer() {
    Inside& in = *inside_;
    {
        const std::lock_guard lock{in.stream->mutex};
        in.stream->on_watched = nullptr;
    }
    if (in.source_id != 0) {
        if (GSource* source = g_main_context_find_source_by_id(in.house.context, in.source_id);
            source != nullptr)
            g_source_destroy(source);
    }
    gst_rtsp_server_client_filter(in.server.get(), remove_client, nullptr);
}

int RtspServer::port() const { return gst_rtsp_server_get_bound_port(inside_->server.get()); }

void RtspServer::push(const Shot& picture) {
    Object<GstAppSrc> source;
    TimePoint first;
    {
        Stream& stream = *inside_->stream;
        const std::lock_guard lock{stream.mutex};
        if (!stream.source) return;
        source.reset(GST_APP_SRC(g_object_ref(stream.source.get())));
        if (stream.first == TimePoint{}) stream.first = picture.taken;
        first = stream.first;
    }
    GstBuffer* buffer = gst_buffer_new_memdup(picture.bytes->data(), picture.bytes->size());
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(picture.taken - first);
    GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(std::max<std::int64_t>(0, since.count()));
    gst_app_src_push_buffer(source.get(), buffer);  // takes the buffer over
}

Status RtspServer::set_identity(const TlsIdentity& identity) {
    const auto certificate = certificate_of(identity);
    if (!certificate) return certificate.error();
    gst_rtsp_auth_set_tls_certificate(inside_->auth.get(), certificate.value().get());
    return Done{};
}

void RtspServer::set_access_code(const Secret& code) {
    GstRTSPToken* token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, role, nullptr);
    gst_rtsp_auth_remove_digest(inside_->auth.get(), user);
    gst_rtsp_auth_add_digest(inside_->auth.get(), user, code.reveal().c_str(), token);
    gst_rtsp_token_unref(token);
}

void RtspServer::hold_timestamps(bool held) { inside_->stream->faults.hold_timestamps(held); }

void RtspServer::lose(double share) { inside_->stream->faults.lose(share); }

}  // namespace farmwall::sim
