# Targets of this project in one line each, so that none forgets the common flags.

# One INTERFACE target carries language level, warnings and sanitizers to libraries, programs and tests alike.
add_library(dashstream_options INTERFACE)
target_compile_features(dashstream_options INTERFACE cxx_std_20)
target_include_directories(dashstream_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(dashstream_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align=strict -Wformat=2
    -Wundef -Werror=return-type -Werror=unused-result)
# g++ 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651); it and g++ 14 (Debian 13)
# see uninitialised strings in a std::variant that does not hold them.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(dashstream_options INTERFACE -Wno-restrict)
    endif()
    target_compile_options(dashstream_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(DASHSTREAM_WERROR)
    target_compile_options(dashstream_options INTERFACE -Werror)
endif()
if(DASHSTREAM_SANITIZE)
    target_compile_options(dashstream_options INTERFACE -fsanitize=${DASHSTREAM_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(dashstream_options INTERFACE -fsanitize=${DASHSTREAM_SANITIZE})
    if(DASHSTREAM_SANITIZE MATCHES thread)
        # protobuf's map fields have two more members where this is defined, but the system's library has not.
        target_compile_options(dashstream_options INTERFACE -U__SANITIZE_THREAD__)
    endif()
endif()

# dashstream_core_library(wire SOURCES … LINKS …): static library dashstream_wire, called in core/wire.
# LINKS may name only modules to the left of it (resources/docs/architecture.md, "Layers").
function(dashstream_core_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    add_library(dashstream_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(dashstream_${name} PUBLIC dashstream_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# dashstream_add_test(core/wire/codec_test LABELS unit LINKS dashstream_wire): GoogleTest program of tests/<path>.cpp.
# SOURCES adds files; ENVIRONMENT, TIMEOUT (seconds, default 60) and RESOURCE_LOCK go to ctest.
function(dashstream_add_test path)
    cmake_parse_arguments(ARG "" "TIMEOUT;RESOURCE_LOCK" "SOURCES;LINKS;LABELS;ENVIRONMENT" ${ARGN})
    string(REPLACE "/" "." name ${path})
    add_executable(${name} ${PROJECT_SOURCE_DIR}/tests/${path}.cpp ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE dashstream_options ${ARG_LINKS} GTest::gmock GTest::gtest_main)
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    if(DASHSTREAM_SANITIZE)
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5") # about as much slower
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "DASHSTREAM_SOURCE_DIR=${PROJECT_SOURCE_DIR};DASHSTREAM_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};${ARG_ENVIRONMENT}")
    if(ARG_RESOURCE_LOCK)
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK ${ARG_RESOURCE_LOCK})
    endif()
endfunction()
