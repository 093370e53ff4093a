# cmake --install: libraries, headers, CMake package, pkg-config file.

# api/cubtls.h becomes <cubtls.h>. <cub_engine.h> includes headers of the core as "crypto/hash.h", and
# whoever writes a profile of his own includes others.
set(include_dir ${CMAKE_INSTALL_INCLUDEDIR}/cubtls)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/CubTLS)
install(FILES api/cub_engine.h DESTINATION ${include_dir})
if(CUB_HOSTED)
    install(FILES api/cubtls.h DESTINATION ${include_dir})
endif()
install(DIRECTORY crypto record x509 handshake DESTINATION ${include_dir}
        FILES_MATCHING PATTERN "*.h" PATTERN "*.def" PATTERN target EXCLUDE)

install(TARGETS ${libraries} EXPORT CubTLSTargets)
install(EXPORT CubTLSTargets NAMESPACE CubTLS:: DESTINATION ${package_dir})
configure_package_config_file(api/install/CubTLSConfig.cmake.in CubTLSConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(CubTLSConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/CubTLSConfig.cmake ${PROJECT_BINARY_DIR}/CubTLSConfigVersion.cmake
        DESTINATION ${package_dir})
if(CUB_HOSTED)
    file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    configure_file(api/install/cubtls.pc.in cubtls.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/cubtls.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
