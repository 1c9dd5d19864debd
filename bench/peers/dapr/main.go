// The sidecar injector of Dapr with its default configuration. A fake client takes the place of the API server, so its calls cost less here.
// main PORT CERTIFICATE KEY
package main

import (
	"context"
	"crypto/tls"
	"log"
	"os"
	"strconv"

	"github.com/dapr/dapr/pkg/client/clientset/versioned/fake"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/injector/service"
	"github.com/dapr/kit/logger"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubernetes "k8s.io/client-go/kubernetes/fake"
)

const namespace = "dapr-system"

func main() {
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	certificate, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	config, err := service.GetConfig()
	if err != nil {
		log.Fatal(err)
	}
	options := logger.DefaultOptions()
	options.OutputLevel = "error"
	if err := logger.ApplyOptionsToLoggers(&options); err != nil {
		log.Fatal(err)
	}
	replicas := int32(3)
	scheduler := &appsv1.StatefulSet{
		ObjectMeta: metav1.ObjectMeta{Name: "dapr-scheduler-server", Namespace: namespace},
		Spec:       appsv1.StatefulSetSpec{Replicas: &replicas},
	}
	injector, err := service.NewInjector(service.Options{
		Config:                  config,
		DaprClient:              fake.NewSimpleClientset(),
		KubeClient:              kubernetes.NewSimpleClientset(scheduler),
		ListenAddress:           "127.0.0.1",
		Port:                    port,
		Healthz:                 healthz.New(),
		ControlPlaneNamespace:   namespace,
		ControlPlaneTrustDomain: "cluster.local",
	})
	if err != nil {
		log.Fatal(err)
	}
	sentry := spiffeid.RequireFromString("spiffe://cluster.local/ns/" + namespace + "/dapr-sentry")
	anchors := func(context.Context) ([]byte, error) { return os.ReadFile(os.Args[2]) }
	log.Fatal(injector.Run(context.Background(), &tls.Config{
		Certificates: []tls.Certificate{certificate},
		MinVersion:   tls.VersionTLS13,
		// HTTP/1.1, as the API server speaks to webhooks.
		NextProtos: []string{"http/1.1"},
	}, sentry, anchors))
}
