# dashstream-console: its options and its composition as a library, so that tests reach them, then the program.
add_library(dashstream_console STATIC console_backend.cpp console_options.cpp console_run.cpp console_signals.cpp)
set_target_properties(dashstream_console PROPERTIES AUTOMOC ON AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_CONCEPTS=1")
target_link_libraries(dashstream_console PUBLIC dashstream_runtime dashstream_ui PRIVATE dashstream_ctl CLI11::CLI11)
target_include_directories(dashstream_console SYSTEM PRIVATE
    $<TARGET_PROPERTY:CLI11::CLI11,INTERFACE_INCLUDE_DIRECTORIES>)

add_executable(dashstream-console console_main.cpp)
target_link_libraries(dashstream-console PRIVATE dashstream_console)
install(TARGETS dashstream-console RUNTIME)
