# The C++ package of Debian needs the C package, on which it does not depend.
find_package(PahoMqttCpp QUIET)
farm_need("${PahoMqttCpp_FOUND}" "Paho MQTT C++" "libpaho-mqtt-dev libpaho-mqttpp-dev")
add_library(farm_paho INTERFACE)
target_link_libraries(farm_paho INTERFACE PahoMqttCpp::paho-mqttpp3)
add_library(farm::paho ALIAS farm_paho)
