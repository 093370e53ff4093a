# Stands for Zephyr and ESP-IDF: what their functions mean for a library, and nothing else.
cmake_minimum_required(VERSION 3.20)
project(layout C)

function(zephyr_library_named name)
    add_library(${name} STATIC)
    set(ZEPHYR_CURRENT_LIBRARY ${name} PARENT_SCOPE)
endfunction()
function(zephyr_library_sources)
    target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})
endfunction()
function(zephyr_library_include_directories)
    target_include_directories(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})
endfunction()
function(zephyr_include_directories) # for all libraries there are
    target_include_directories(${ZEPHYR_CURRENT_LIBRARY} PUBLIC ${ARGN})
endfunction()

function(idf_component_register)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "not known here: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    add_library(cubtls STATIC ${arg_SRCS})
    target_include_directories(cubtls PUBLIC ${arg_INCLUDE_DIRS} PRIVATE ${arg_PRIV_INCLUDE_DIRS})
endfunction()

add_subdirectory(module)
