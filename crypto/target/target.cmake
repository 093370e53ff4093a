# Picks one file of each group in crypto/target/ (see target.h). The defaults suit the processor that
# is built for; firmware that wants smaller or faster code names its own.
include(CheckSymbolExists)
include(CheckTypeSize)

set(CMAKE_REQUIRED_INCLUDES ${BEARSSL_INCLUDE_DIR})
if(CUB_HOSTED)
    set(CMAKE_REQUIRED_LIBRARIES BearSSL::bearssl)
endif()
check_symbol_exists(br_aes_x86ni_ctr_vtable bearssl.h CUB_BEARSSL_HAS_X86NI)
check_symbol_exists(br_poly1305_ctmulq_run bearssl.h CUB_BEARSSL_HAS_CTMULQ)
check_symbol_exists(br_ec_p256_m64 bearssl.h CUB_BEARSSL_HAS_M64)
# Declared is enough here, and all that can be asked without a library to link.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
check_symbol_exists(br_ec_c25519_m62_get bearssl.h CUB_BEARSSL_X25519_BIG)
check_type_size("unsigned __int128" CUB_INT128)
unset(CMAKE_TRY_COMPILE_TARGET_TYPE)
unset(CMAKE_REQUIRED_INCLUDES)
unset(CMAKE_REQUIRED_LIBRARIES)

string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" processor)
if(processor MATCHES "^(x86_64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND CUB_BEARSSL_HAS_X86NI
   AND CUB_BEARSSL_HAS_CTMULQ)
    set(symmetric x86)
elseif(CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(symmetric 64)
elseif(processor MATCHES "^(arm|armv[67]-?m|cortex-m(0|0plus|1|3|23)|thumb)$")
    set(symmetric mul32)
else()
    set(symmetric 32)
endif()
if(symmetric STREQUAL mul32)
    set(curves i15)
    set(integers i15)
    set(product 16)
elseif(CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(curves m31)
    if(CUB_BEARSSL_HAS_M64)
        set(curves m64)
    endif()
    set(integers i62)
else()
    set(curves i31)
    set(integers i31)
endif()

if(NOT symmetric STREQUAL mul32)
    set(product 32)
endif()

set(field 13)
if(CMAKE_SIZEOF_VOID_P EQUAL 8 AND HAVE_CUB_INT128)
    set(field 51)
endif()

set(x25519 little)
if(CUB_BEARSSL_X25519_BIG)
    set(x25519 big)
endif()

set(CUB_SYMMETRIC ${symmetric} CACHE STRING "AES, GHASH, ChaCha20, Poly1305: x86, 64, 32 or mul32")
set(CUB_CURVES ${curves} CACHE STRING "elliptic curves: m64, m31, m15, i31 or i15")
set(CUB_INTEGERS ${integers} CACHE STRING "RSA and ECDSA: i62, i31 or i15")
set(CUB_PRODUCT ${product} CACHE STRING "halves that P-256 in little code multiplies: 32 or 16 bits")
set(CUB_FIELD ${field} CACHE STRING "field of Ed25519: 51 or 13")
list(APPEND cub_crypto_sources crypto/target/symmetric_${CUB_SYMMETRIC}.c
     crypto/target/curves_${CUB_CURVES}.c crypto/target/x25519_${x25519}.c
     crypto/target/integers_${CUB_INTEGERS}.c crypto/target/field_${CUB_FIELD}.c
     crypto/target/product_${CUB_PRODUCT}.c)
