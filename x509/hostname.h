/*
 * Service identity: whether a certificate is for the peer that was meant [RFC9525].
 */
#ifndef CUB_X509_HOSTNAME_H
#define CUB_X509_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/cert.h"

#define CUB_HOSTNAME_MAX 253 /* characters, without a trailing dot [RFC1035] */

/*
 * Parses an IPv4 address in dotted decimal, or an IPv6 address [RFC4291-2.2] without brackets or
 * zone. Returns the number of octets written (4 or 16), 0 if the text is neither.
 */
size_t cub_ip_parse(const char *text, size_t len, uint8_t out[16]);

/*
 * Whether the text of an IPv6 address is the one of RFC 5952: lower case, no leading zeros, and
 * "::" for the first of the longest runs of two or more zero groups. IPv4 addresses have one form
 * only.
 */
bool cub_ip_is_canonical(const char *text, size_t len);

/* Whether a text is a host name that can be looked for: LDH labels (and _), A-labels, no wildcard.
 */
bool cub_hostname_valid(const char *name, size_t len);

/*
 * Whether a name as presented in a certificate, perhaps with "*" as its left-most label, stands for
 * host. Both without regard to case; a trailing dot of host does not count [RFC9525-6.3].
 */
bool cub_hostname_match(struct cub_view presented, const char *host, size_t host_len);

/*
 * Looks for host, a DNS name or an IP literal, among the certificate's subjectAltNames, never in
 * its subject. E_X509_HOSTNAME_MISMATCH, E_X509_IP_MISMATCH, E_X509_HOSTNAME_INVALID if host is
 * neither.
 */
enum cub_error cub_hostname_check(const struct cub_cert *cert, const char *host);
/* The same for DNS names alone: an address is E_X509_HOSTNAME_INVALID. */
enum cub_error cub_dns_name_check(const struct cub_cert *cert, const char *host);

#endif
