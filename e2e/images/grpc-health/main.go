// Command grpc-health is a gRPC server with only the standard health service, which grpc:// targets of wait-for call.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	port := flag.Int("port", 50051, "port to listen on, without TLS")
	delay := flag.Duration("delay", 0, "how long to answer NOT_SERVING before SERVING")
	flag.Parse()

	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	status := health.NewServer()
	status.SetServingStatus("", grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	time.AfterFunc(*delay, func() {
		status.SetServingStatus("", grpc_health_v1.HealthCheckResponse_SERVING)
		log.Print("serving")
	})

	server := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(server, status)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		server.Stop()
	}()
	log.Printf("listening on %s", listener.Addr())
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
