#include "app/sound_device.hpp"

#ifdef FARMWALL_OPENAL
#include <AL/al.h>
#include <AL/alc.h>
#include <AL/alext.h>

#include <string_view>
#endif

namespace farmwall::app {
namespace {

#ifdef FARMWALL_OPENAL

// The calls that name no device work on the context of this process: there is one SoundDevice at a time.
class OpenAlDevice final : public SoundDevice {
public:
    ~OpenAlDevice() override { close(); }

    Status open() override {
        if (device_ != nullptr && connected()) return Done{};
        close();
        device_ = alcOpenDevice(nullptr);
        if (device_ == nullptr) return no_device();
        if (is_dummy()) {
            close();
            return no_device();
        }
        context_ = alcCreateContext(device_, nullptr);
        if (context_ == nullptr || alcMakeContextCurrent(context_) == ALC_FALSE) {
            close();
            return Error{ErrorKind::unavailable, "the sound device cannot be used"};
        }
        alGenSources(1, &source_);
        alGenBuffers(1, &buffer_);
        if (alGetError() == AL_NO_ERROR) return Done{};
        close();
        return Error{ErrorKind::unavailable, "the sound device cannot be used"};
    }

    Status play(const std::vector<std::int16_t>& samples, int rate, double volume) override {
        Status opened = open();
        if (!opened) return opened;
        alGetError();  // forgets an older one
        alSourceStop(source_);
        alSourcei(source_, AL_BUFFER, 0);
        alBufferData(buffer_, AL_FORMAT_MONO16, samples.data(),
                     static_cast<ALsizei>(samples.size() * sizeof(samples[0])), rate);
        alSourcei(source_, AL_BUFFER, static_cast<ALint>(buffer_));
        alSourcei(source_, AL_LOOPING, AL_FALSE);
        alSourcei(source_, AL_SOURCE_RELATIVE, AL_TRUE);
        alSourcef(source_, AL_GAIN, static_cast<float>(volume));
        alSourcePlay(source_);
        if (alGetError() == AL_NO_ERROR) return Done{};
        close();
        return Error{ErrorKind::unavailable, "the sound device does not play"};
    }

    bool playing() override {
        if (context_ == nullptr || !connected()) return false;
        ALint state = AL_STOPPED;
        alGetSourcei(source_, AL_SOURCE_STATE, &state);
        return state == AL_PLAYING;
    }

    void close() override {
        if (context_ != nullptr) {
            if (source_ != 0) alDeleteSources(1, &source_);
            if (buffer_ != 0) alDeleteBuffers(1, &buffer_);
            alcMakeContextCurrent(nullptr);
            alcDestroyContext(context_);
        }
        if (device_ != nullptr) alcCloseDevice(device_);
        source_ = 0;
        buffer_ = 0;
        context_ = nullptr;
        device_ = nullptr;
    }

private:
    static Error no_device() { return {ErrorKind::not_found, "this machine has no sound device"}; }

    // Without any device the library offers one that swallows everything.
    [[nodiscard]] bool is_dummy() const {
        const ALCchar* const name = alcGetString(device_, ALC_DEVICE_SPECIFIER);
        return name == nullptr || std::string_view{name} == "No Output";
    }
    [[nodiscard]] bool connected() const {
        ALCint answer = ALC_TRUE;
        if (alcIsExtensionPresent(device_, "ALC_EXT_disconnect") == ALC_TRUE) {
            alcGetIntegerv(device_, ALC_CONNECTED, 1, &answer);
        }
        return answer == ALC_TRUE;
    }

    ALCdevice* device_ = nullptr;
    ALCcontext* context_ = nullptr;
    ALuint source_ = 0;
    ALuint buffer_ = 0;
};

#else

class NoDevice final : public SoundDevice {
public:
    Status open() override { return Error{ErrorKind::unsupported, "this build has no sound"}; }
    Status play(const std::vector<std::int16_t>& /*samples*/, int /*rate*/, double /*volume*/) override {
        return open();
    }
    bool playing() override { return false; }
    void close() override {}
};

#endif

}  // namespace

std::unique_ptr<SoundDevice> system_sound_device() {
#ifdef FARMWALL_OPENAL
    return std::make_unique<OpenAlDevice>();
#else
    return std::make_unique<NoDevice>();
#endif
}

}  // namespace farmwall::app
