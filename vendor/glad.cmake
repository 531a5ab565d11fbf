# The OpenGL 3.3 core loader is generated from the specifications inside the package;
# --reproducible keeps the generator off the network.
find_program(GLAD_EXECUTABLE glad)
farm_need("${GLAD_EXECUTABLE}" "The glad generator" "python3-glad")
set(FARM_GLAD_DIR ${CMAKE_BINARY_DIR}/glad)
if(NOT EXISTS ${FARM_GLAD_DIR}/src/gl.c)
  execute_process(COMMAND ${GLAD_EXECUTABLE} --api gl:core=3.3 --extensions GL_KHR_debug --out-path
                          ${FARM_GLAD_DIR} --reproducible --quiet c
                  RESULT_VARIABLE glad_failed OUTPUT_QUIET ERROR_VARIABLE glad_complaint)
  if(glad_failed)
    message(FATAL_ERROR "glad could not generate the OpenGL loader: ${glad_complaint}")
  endif()
endif()
add_library(farm_glad STATIC ${FARM_GLAD_DIR}/src/gl.c)
target_include_directories(farm_glad SYSTEM PUBLIC ${FARM_GLAD_DIR}/include)
add_library(farm::glad ALIAS farm_glad)
