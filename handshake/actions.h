/*
 * The guards and actions that the protocol tables name. An action reads the message from
 * e->message.body and writes one to e->reply.w; what it decides about is in RFC 8446 under the
 * message's name.
 */
#ifndef CUB_HANDSHAKE_ACTIONS_H
#define CUB_HANDSHAKE_ACTIONS_H

#include "handshake/handshake.h"

/* Guards. */
bool cub_ccs_due(const struct cub_engine *e);      /* a dummy ChangeCipherSpec is to be sent */
bool cub_wide_ccs_due(const struct cub_engine *e); /* and for clients that do not ask for it */
bool cub_cert_requested(const struct cub_engine *e);
bool cub_has_credential(const struct cub_engine *e);
bool cub_cert_missing(const struct cub_engine *e); /* and it is not to go on without one */
bool cub_peer_has_cert(const struct cub_engine *e);
bool cub_key_update_due(const struct cub_engine *e);
bool cub_status_expected(const struct cub_engine *e); /* TLS 1.2 client: CertificateStatus */
bool cub_ticket_expected(const struct cub_engine *e); /* TLS 1.2: NewSessionTicket */
bool cub_has_sessions(const struct cub_engine *e);    /* TLS 1.2: they are made and used */
bool cub_resuming(const struct cub_engine *e);        /* TLS 1.2: the handshake is abbreviated */
bool cub_using_psk(const struct cub_engine *e);       /* a pre-shared key was chosen */
bool cub_psk_possible(const struct cub_engine *e);    /* server: the client knows about PSKs */
bool cub_early_ccs_due(const struct cub_engine *e);   /* client: at once, 0-RTT data follows */
bool cub_early_offered(const struct cub_engine *e);   /* client: 0-RTT data, without answer yet */
bool cub_early_possible(const struct cub_engine *e);  /* server: 0-RTT data may come */
bool cub_early_accepted(const struct cub_engine *e);  /* both: it is part of the connection */
bool cub_ticket_due(const struct cub_engine *e);      /* server: a NewSessionTicket is to be sent */
bool cub_status_due(const struct cub_engine *e);      /* TLS 1.2 server: CertificateStatus */
bool cub_ske_due(const struct cub_engine *e);         /* TLS 1.2 server: ServerKeyExchange */
bool cub_ske_optional(const struct cub_engine *e);    /* TLS 1.2 client: SKE may be left out */
bool cub_without_cert(const struct cub_engine *e);    /* TLS 1.2: the suite needs none */
bool cub_key_transport(const struct cub_engine *e);  /* TLS 1.2: static RSA, no ServerKeyExchange */
bool cub_needs_retry(const struct cub_engine *e);    /* server: no share in a group of ours */
bool cub_may_compress(const struct cub_engine *e);   /* our Certificate, not tried yet */
bool cub_is_compressed(const struct cub_engine *e);  /* and it was */
bool cub_may_decompress(const struct cub_engine *e); /* a CompressedCertificate may come */
bool cub_may_take_compressed(const struct cub_engine *e); /* server: after the handshake */
bool cub_is_delegated(const struct cub_engine *e);        /* client: another key signs */
bool cub_auth_offered(const struct cub_engine *e);   /* client: may be asked after the handshake */
bool cub_auth_too_late(const struct cub_engine *e);  /* client: and can answer no more */
bool cub_auth_due(const struct cub_engine *e);       /* server: a request is to be sent */
bool cub_auth_requested(const struct cub_engine *e); /* server: and was sent */

/* How a version's keys are installed: common13.c, common12.c. */
void cub_install13(struct cub_engine *e, bool reading, enum cub_key key);
void cub_install12(struct cub_engine *e, bool reading, enum cub_key key);

/* records.c: what tables have to say of records, and to tell. */
enum cub_error cub_judge_record(struct cub_engine *e, enum cub_error err); /* all there is */
/* What servers cannot do without: records of refused 0-RTT data are skipped, and strangers named.
 */
enum cub_error cub_explain_record(struct cub_engine *e, enum cub_error err);
void cub_trace(const struct cub_engine *e, unsigned kind, const void *what);
/* server.c, early13.c: see struct cub_protocol. */
bool cub_client_may_be_anonymous(const struct cub_engine *e);
bool cub_may_send_early(const struct cub_engine *e);
/* common13.c, common12.c: room for key shares; that and what TLS 1.2 needs. */
uintptr_t cub_memory13(const struct cub_profile *profile, struct cub_handshake *hs,
                       uintptr_t place);
uintptr_t cub_memory12(const struct cub_profile *profile, struct cub_handshake *hs,
                       uintptr_t place);
/* What a client makes before its first ClientHello: session_client12.c. */
enum cub_error cub_prepare12(struct cub_engine *e);

/* Both roles: common13.c, auth.c. */
enum cub_error cub_send_ccs(struct cub_engine *e);
enum cub_error cub_derive_handshake_secrets(struct cub_engine *e);
enum cub_error cub_derive_application_secrets(struct cub_engine *e);
enum cub_error cub_derive_resumption_secret(struct cub_engine *e);
enum cub_error cub_send_finished(struct cub_engine *e);
enum cub_error cub_recv_finished(struct cub_engine *e);
enum cub_error cub_send_key_update(struct cub_engine *e);
enum cub_error cub_recv_key_update(struct cub_engine *e);
enum cub_error cub_recv_certificate(struct cub_engine *e);
enum cub_error cub_recv_server_certificate12(struct cub_engine *e);
enum cub_error cub_verify_chain(struct cub_engine *e);
enum cub_error cub_recv_certificate_verify(struct cub_engine *e);
enum cub_error cub_send_certificate(struct cub_engine *e);
enum cub_error cub_send_no_certificate(struct cub_engine *e); /* of TLS 1.3: an empty list */
enum cub_error cub_end_without_cert(struct cub_engine *e);
enum cub_error cub_send_certificate_verify(struct cub_engine *e);

/* client.c: all versions */
enum cub_error cub_send_client_hello(struct cub_engine *e);

/* 0-RTT: early13.c, early_client13.c, early_server13.c. */
enum cub_error cub_derive_early_secrets(struct cub_engine *e);
enum cub_error cub_recv_early_retry(struct cub_engine *e);
enum cub_error cub_recv_early_answer(struct cub_engine *e);
enum cub_error cub_stop_early_data(struct cub_engine *e);
enum cub_error cub_send_end_of_early_data(struct cub_engine *e);
enum cub_error cub_consider_early_data(struct cub_engine *e);
enum cub_error cub_recv_end_of_early_data(struct cub_engine *e);

/* Finished under a secret that is no handshake secret: what post_handshake13.c calls of common13.c.
 * E_DECODE_FINISHED, E_FINISHED. */
enum cub_error cub_send_finished_under(struct cub_engine *e, const uint8_t *secret);
enum cub_error cub_recv_finished_under(struct cub_engine *e, const uint8_t *secret);

/* Client authentication after the handshake: post_handshake13.c. */
enum cub_error cub_recv_auth_request(struct cub_engine *e);
enum cub_error cub_ignore_auth_request(struct cub_engine *e);
enum cub_error cub_send_auth_finished(struct cub_engine *e);
enum cub_error cub_send_auth_request(struct cub_engine *e);
enum cub_error cub_recv_auth_finished(struct cub_engine *e);

/* compression.c */
enum cub_error cub_compress_certificate(struct cub_engine *e);
enum cub_error cub_send_compressed_certificate(struct cub_engine *e);
enum cub_error cub_recv_compressed_certificate(struct cub_engine *e);

/* delegated_client.c */
enum cub_error cub_verify_delegated(struct cub_engine *e);
enum cub_error cub_recv_delegated_verify(struct cub_engine *e);

/* client13.c */
enum cub_error cub_recv_server_hello(struct cub_engine *e); /* or one of TLS 1.2 */
enum cub_error cub_recv_hello_retry(struct cub_engine *e);
enum cub_error cub_accept_server_hello(struct cub_engine *e);
enum cub_error cub_recv_encrypted_extensions(struct cub_engine *e);
enum cub_error cub_recv_certificate_request(struct cub_engine *e);
enum cub_error cub_decline_certificate_request(struct cub_engine *e); /* we have none to show */
enum cub_error cub_recv_new_session_ticket(struct cub_engine *e);
enum cub_error cub_pass_over_ticket(struct cub_engine *e); /* we do not resume */

/* server.c: all versions */
enum cub_error cub_recv_client_hello(struct cub_engine *e);
enum cub_error cub_wait_hello(struct cub_engine *e);

/* server13.c */
enum cub_error cub_recv_client_hello_again(struct cub_engine *e);
enum cub_error cub_negotiate(struct cub_engine *e);
enum cub_error cub_send_hello_retry(struct cub_engine *e);
enum cub_error cub_send_server_hello(struct cub_engine *e);
enum cub_error cub_send_encrypted_extensions(struct cub_engine *e);
enum cub_error cub_send_certificate_request(struct cub_engine *e);

/* psk_server13.c */
enum cub_error cub_select_psk(struct cub_engine *e);
enum cub_error cub_send_new_session_ticket(struct cub_engine *e);

/* Both roles of TLS 1.2: common12.c. */
enum cub_error cub_take_message(struct cub_engine *e); /* for the STEPs that follow */
enum cub_error cub_take_empty(struct cub_engine *e);
enum cub_error cub_derive_master_secret(struct cub_engine *e);
enum cub_error cub_derive_key_block(struct cub_engine *e);
enum cub_error cub_send_finished12(struct cub_engine *e);
enum cub_error cub_recv_finished12(struct cub_engine *e);
enum cub_error cub_refuse_renegotiation(struct cub_engine *e);
enum cub_error cub_recv_certificate_verify12(struct cub_engine *e);
enum cub_error cub_send_certificate_verify12(struct cub_engine *e);

/* client12.c */
/* Leaves one of TLS 1.3 alone if that is allowed: then e->version is not set. */
enum cub_error cub_recv_server_hello12(struct cub_engine *e);
/* Writes the suites of all versions that are allowed. */
void cub_put_suites12(const struct cub_engine *e, struct wr *w);
enum cub_error cub_accept_server_hello12(struct cub_engine *e);
enum cub_error cub_recv_certificate_status(struct cub_engine *e);
enum cub_error cub_recv_server_key_exchange(struct cub_engine *e); /* not signed */
enum cub_error cub_accept_server_key_exchange(struct cub_engine *e);
enum cub_error cub_recv_certificate_request12(struct cub_engine *e);
enum cub_error cub_send_client_key_exchange(struct cub_engine *e);

/* false_start.c */
bool cub_may_false_start(const struct cub_engine *e);

/* session_client12.c */
enum cub_error cub_recv_new_session_ticket12(struct cub_engine *e);
enum cub_error cub_keep_session12(struct cub_engine *e);

/* server12.c */
enum cub_error cub_negotiate12(struct cub_engine *e);
enum cub_error cub_send_server_hello12(struct cub_engine *e);
enum cub_error cub_send_server_key_exchange(struct cub_engine *e);
enum cub_error cub_send_certificate_request12(struct cub_engine *e);
enum cub_error cub_send_certificate_status(struct cub_engine *e);
enum cub_error cub_send_server_hello_done(struct cub_engine *e);
enum cub_error cub_accept_client_key_exchange(struct cub_engine *e);

/* session_server12.c */
enum cub_error cub_select_session12(struct cub_engine *e);
enum cub_error cub_send_new_session_ticket12(struct cub_engine *e);
enum cub_error cub_cache_session12(struct cub_engine *e);

#endif
