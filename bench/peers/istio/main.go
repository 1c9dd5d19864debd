// The injection webhook of Istio, with the configuration that its Helm chart renders, and without a cluster.
// main PORT CERTIFICATE KEY
package main

import (
	"crypto/tls"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/kube/multicluster"
	istiolog "istio.io/istio/pkg/log"
)

func main() {
	for _, scope := range istiolog.Scopes() {
		scope.SetOutputLevel(istiolog.ErrorLevel)
	}
	mux := http.NewServeMux()
	if err := register(mux); err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:      "127.0.0.1:" + os.Args[1],
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13},
		// HTTP/1.1, as the API server speaks to webhooks.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		Handler: http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
			request.URL.Path = "/inject"
			mux.ServeHTTP(writer, request)
		}),
	}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}

// Registers the webhook at /inject.
func register(mux *http.ServeMux) error {
	directory, err := os.MkdirTemp("", "istio")
	if err != nil {
		return err
	}
	config, values, err := settings(directory)
	if err != nil {
		return err
	}
	watcher, err := inject.NewFileWatcher(config, values)
	if err != nil {
		return err
	}
	meshConfig := mesh.DefaultMeshConfig()
	store := model.NewFakeStore()
	environment := model.Environment{Watcher: meshwatcher.NewTestWatcher(meshConfig), ConfigStore: store}
	environment.SetPushContext(&model.PushContext{ProxyConfigs: model.GetProxyConfigs(store, meshConfig)})
	_, err = inject.NewWebhook(inject.WebhookParameters{
		Watcher:      watcher,
		Env:          &environment,
		Mux:          mux,
		MultiCluster: multicluster.NewFakeController(),
	})
	return err
}

// The files of the ConfigMap istio-sidecar-injector, as the chart in the module renders it.
func settings(directory string) (config, values string, err error) {
	flags := []string{"installPackagePath=" + os.Getenv("ISTIO_MANIFESTS"), "profile=empty", "components.pilot.enabled=true"}
	sets, _, err := render.GenerateManifest(nil, flags, false, nil, nil)
	if err != nil {
		return "", "", err
	}
	for _, set := range sets {
		for _, manifest := range set.Manifests {
			if manifest.GetName() != "istio-sidecar-injector" || manifest.GetKind() != "ConfigMap" {
				continue
			}
			data := manifest.Object["data"].(map[string]any)
			config, values = filepath.Join(directory, "config"), filepath.Join(directory, "values")
			if err := os.WriteFile(config, []byte(data["config"].(string)), 0o600); err != nil {
				return "", "", err
			}
			return config, values, os.WriteFile(values, []byte(data["values"].(string)), 0o600)
		}
	}
	return "", "", fmt.Errorf("the chart has no ConfigMap istio-sidecar-injector")
}
