# The man pages: made with the library, installed with it.
find_program(SH_PROGRAM sh)
set(man_script ${PROJECT_SOURCE_DIR}/api/install/man.sh)
set(man_pages)
if(SH_PROGRAM AND CUB_HOSTED)
    add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/cubtls.3
        COMMAND ${SH_PROGRAM} ${man_script} library ${PROJECT_VERSION}
                ${PROJECT_SOURCE_DIR}/api/cubtls.h > ${PROJECT_BINARY_DIR}/cubtls.3
        DEPENDS ${man_script} ${PROJECT_SOURCE_DIR}/api/cubtls.h VERBATIM)
    list(APPEND man_pages ${PROJECT_BINARY_DIR}/cubtls.3)
    install(FILES ${PROJECT_BINARY_DIR}/cubtls.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
endif()
if(SH_PROGRAM AND TARGET cub AND NOT CMAKE_CROSSCOMPILING)
    add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/cub.1
        COMMAND ${SH_PROGRAM} ${man_script} tool ${PROJECT_VERSION} $<TARGET_FILE:cub>
                > ${PROJECT_BINARY_DIR}/cub.1
        DEPENDS ${man_script} cub VERBATIM)
    list(APPEND man_pages ${PROJECT_BINARY_DIR}/cub.1)
    install(FILES ${PROJECT_BINARY_DIR}/cub.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
if(man_pages)
    add_custom_target(man_pages ALL DEPENDS ${man_pages})
endif()
