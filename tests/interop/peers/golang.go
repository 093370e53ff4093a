// Go's crypto/tls. Arguments as in peer.h.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

const line = "ping\n"

var groups = map[string]tls.CurveID{"x25519": tls.X25519, "secp256r1": tls.CurveP256,
	"secp384r1": tls.CurveP384, "secp521r1": tls.CurveP521}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func allSuites() (numbers []uint16) {
	for _, list := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, suite := range list {
			numbers = append(numbers, suite.ID)
		}
	}
	return numbers
}

func makeConfig(args map[string]string) *tls.Config {
	pem, err := os.ReadFile(args["ca"] + ".pem")
	must(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	version := uint16(tls.VersionTLS12)
	if args["version"] == "1.3" {
		version = tls.VersionTLS13
	}
	config := &tls.Config{RootCAs: pool, ClientCAs: pool, ServerName: "localhost",
		MinVersion: version, MaxVersion: version, CipherSuites: allSuites(),
		ClientSessionCache: tls.NewLRUClientSessionCache(0)}
	if args["key"] != "" {
		pair, err := tls.LoadX509KeyPair(args["key"]+".pem", args["key"]+".key")
		must(err)
		config.Certificates = []tls.Certificate{pair}
	}
	if args["verify"] != "" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if args["alpn"] != "" {
		config.NextProtos = []string{args["alpn"]}
	}
	if args["suite"] != "" {
		number, err := strconv.ParseUint(args["suite"], 16, 16)
		must(err)
		config.CipherSuites = []uint16{uint16(number)}
	}
	if args["group"] != "" {
		config.CurvePreferences = []tls.CurveID{groups[args["group"]]}
	}
	return config
}

// Sends back what comes.
func serve(args map[string]string, config *tls.Config) {
	listener, err := tls.Listen("tcp", "127.0.0.1:"+args["port"], config)
	must(err)
	fmt.Printf("listening on 127.0.0.1:%d\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		conn, err := listener.Accept()
		must(err)
		_, err = io.Copy(conn, conn)
		fmt.Fprintln(os.Stderr, "result:", err)
		conn.Close()
	}
}

// One connection; whether it resumed an earlier one.
func connect(args map[string]string, config *tls.Config) bool {
	conn, err := tls.Dial("tcp", "127.0.0.1:"+args["port"], config)
	must(err)
	defer conn.Close()
	_, err = io.WriteString(conn, line)
	must(err)
	answer := make([]byte, len(line))
	_, err = io.ReadFull(conn, answer)
	must(err)
	if string(answer) != line {
		must(fmt.Errorf("another answer: %q", answer))
	}
	return conn.ConnectionState().DidResume
}

func main() {
	args := map[string]string{}
	for _, arg := range os.Args[2:] {
		name, value, _ := strings.Cut(arg, "=")
		args[name] = value
	}
	switch os.Args[1] {
	case "suites":
		for _, number := range allSuites() {
			fmt.Printf("%04X\n", number)
		}
	case "server":
		serve(args, makeConfig(args))
	case "client":
		config := makeConfig(args)
		connect(args, config)
		if args["resume"] != "" && !connect(args, config) {
			must(fmt.Errorf("not resumed"))
		}
		fmt.Print(line)
	}
}
