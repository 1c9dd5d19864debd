// The least that an HTTPS server in Go can do: it reads the whole body and answers 300 bytes.
// main PORT CERTIFICATE KEY
package main

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	answer := strings.Repeat("x", 300)
	server := &http.Server{
		Addr:      "127.0.0.1:" + os.Args[1],
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13},
		// HTTP/1.1, as the API server speaks to webhooks.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		Handler: http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			_, _ = io.Copy(io.Discard, request.Body)
			_, _ = io.WriteString(writer, answer)
		}),
	}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
