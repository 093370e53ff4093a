# For Cortex-M with Debian's gcc-arm-none-eabi and libnewlib-arm-none-eabi; CUB_CPU is what gcc's
# -mcpu= takes. Projects with a toolchain file of their own need none of this.
set(CMAKE_SYSTEM_NAME Generic)
set(CUB_CPU cortex-m3 CACHE STRING "processor: cortex-m0plus, cortex-m3, cortex-m4, cortex-m33 ...")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CUB_CPU)
set(CMAKE_SYSTEM_PROCESSOR ${CUB_CPU})
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=${CUB_CPU} -mthumb -mfloat-abi=soft")
set(CMAKE_C_FLAGS_MINSIZEREL_INIT "-Os")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
