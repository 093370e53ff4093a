/* The names behind numbers, linked only where somebody shows them. */
#include "api/cub_engine.h"

#include "handshake/protocol.h"

const char *cub_state_name(uint8_t state)
{
    static const char *const names[CUB_STATE_COUNT] = {
#define X(name) #name,
        CUB_STATES(X)
#undef X
    };

    return state < CUB_STATE_COUNT ? names[state] : "unknown";
}

const char *cub_message_name(uint8_t handshake_type)
{
    switch (handshake_type) {
    case CUB_CLIENT_HELLO:
        return "client_hello";
    case CUB_SERVER_HELLO:
        return "server_hello";
    case CUB_NEW_SESSION_TICKET:
        return "new_session_ticket";
    case CUB_END_OF_EARLY_DATA:
        return "end_of_early_data";
    case CUB_HELLO_RETRY_REQUEST:
        return "hello_retry_request";
    case CUB_ENCRYPTED_EXTENSIONS:
        return "encrypted_extensions";
    case CUB_CERTIFICATE:
        return "certificate";
    case CUB_CERTIFICATE_REQUEST:
        return "certificate_request";
    case CUB_CERTIFICATE_VERIFY:
        return "certificate_verify";
    case CUB_HELLO_REQUEST:
        return "hello_request";
    case CUB_SERVER_KEY_EXCHANGE:
        return "server_key_exchange";
    case CUB_SERVER_HELLO_DONE:
        return "server_hello_done";
    case CUB_CLIENT_KEY_EXCHANGE:
        return "client_key_exchange";
    case CUB_CERTIFICATE_STATUS:
        return "certificate_status";
    case CUB_FINISHED:
        return "finished";
    case CUB_KEY_UPDATE:
        return "key_update";
    case CUB_COMPRESSED_CERTIFICATE:
        return "compressed_certificate";
    default:
        return "unknown";
    }
}

const char *cub_secret_name(enum cub_secret which)
{
    static const char *const names[] = {
        [CUB_SECRET_CLIENT_HANDSHAKE] = "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        [CUB_SECRET_SERVER_HANDSHAKE] = "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        [CUB_SECRET_CLIENT_APPLICATION] = "CLIENT_TRAFFIC_SECRET_0",
        [CUB_SECRET_SERVER_APPLICATION] = "SERVER_TRAFFIC_SECRET_0",
        [CUB_SECRET_EXPORTER] = "EXPORTER_SECRET",
        [CUB_SECRET_CLIENT_EARLY] = "CLIENT_EARLY_TRAFFIC_SECRET",
        [CUB_SECRET_EARLY_EXPORTER] = "EARLY_EXPORTER_SECRET",
        [CUB_SECRET_MASTER] = "CLIENT_RANDOM",
    };

    return names[which];
}
