// Podcheck reads Pods, one JSON object on each line. For each Pod, in the same order, it prints the result of Kubernetes' own validation.
//
// Podcheck handles a Pod as the API server does when a Pod is created. It decodes the Pod (strictly, so that an unknown field is an error), sets
// the defaults, runs the admission plug-ins ServiceAccount, Priority and DefaultTolerationSeconds, and validates the Pod. Then it evaluates the
// Pod Security Standards.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/storage/names"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/capabilities"
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/plugin/pkg/admission/defaulttolerationseconds"
	"k8s.io/kubernetes/plugin/pkg/admission/priority"
	"k8s.io/kubernetes/plugin/pkg/admission/serviceaccount"
	psa "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// The longest line that is read. A Pod in etcd has at most 1.5 MB.
const maxLine = 16 << 20

// Validation is the output for one Pod.
type Validation struct {
	Valid bool `json:"valid"`
	// Errors of decoding, admission or validation.
	Errors []string `json:"errors,omitempty"`
	// Level is the strictest Pod Security Standard that the Pod meets.
	Level psa.Level `json:"level,omitempty"`
	// Violations of the standard "restricted".
	Violations []string `json:"violations,omitempty"`
	// Pod is the Pod as validating webhooks see it; only with -pods.
	Pod *corev1.Pod `json:"pod,omitempty"`
}

func main() {
	withPods := flag.Bool("pods", false, "print each Pod as it is after defaulting and admission")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *withPods); err != nil {
		fmt.Fprintln(os.Stderr, "podcheck:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer, withPods bool) error {
	apiServer, err := newAPIServer()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	for lines.Scan() {
		validation := apiServer.validate(lines.Bytes())
		if !withPods {
			validation.Pod = nil
		}
		if err := encoder.Encode(validation); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), buffered.Flush())
}

// apiServer processes a Pod as kube-apiserver does on CREATE, but does not store it.
type apiServer struct {
	decoder   runtime.Decoder
	plugins   []admission.MutationInterface
	evaluator policy.Evaluator
}

func newAPIServer() (*apiServer, error) {
	names.SimpleNameGenerator = fixedNames{}
	// The same as the option --allow-privileged of kube-apiserver, which clusters usually set.
	capabilities.Setup(true, 0)
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	cluster := informers.NewSharedInformerFactory(nil, 0)
	serviceAccounts := serviceaccount.NewServiceAccount()
	serviceAccounts.SetExternalKubeInformerFactory(cluster)
	serviceAccounts.SetReadyFunc(func() bool { return true })
	priorities := priority.NewPlugin()
	priorities.SetExternalKubeInformerFactory(cluster)
	priorities.SetReadyFunc(func() bool { return true })
	tolerations := defaulttolerationseconds.NewDefaultTolerationSeconds()
	tolerations.InspectFeatureGates(utilfeature.DefaultFeatureGate)
	return &apiServer{
		decoder: kjson.NewSerializerWithOptions(
			kjson.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme, kjson.SerializerOptions{Strict: true}),
		plugins: []admission.MutationInterface{
			withAnyServiceAccount{serviceAccounts, cluster}, priorities, tolerations,
		},
		evaluator: evaluator,
	}, nil
}

func (s *apiServer) validate(line []byte) Validation {
	versioned := &corev1.Pod{}
	// The decoder keeps references to its input.
	if _, _, err := s.decoder.Decode(bytes.Clone(line), nil, versioned); err != nil {
		return invalid(err)
	}
	legacyscheme.Scheme.Default(versioned)
	pod := &core.Pod{}
	if err := legacyscheme.Scheme.Convert(versioned, pod, nil); err != nil {
		return invalid(err)
	}
	name(&pod.ObjectMeta)
	if err := s.admit(pod); err != nil {
		return invalid(err)
	}
	// The Pod as validating webhooks see it.
	admitted := &corev1.Pod{}
	if err := legacyscheme.Scheme.Convert(pod, admitted, nil); err != nil {
		return invalid(err)
	}
	admitted.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}

	podregistry.Strategy.PrepareForCreate(context.Background(), pod)
	validation := Validation{Valid: true, Pod: admitted}
	for _, err := range podregistry.Strategy.Validate(context.Background(), pod) {
		validation.Valid = false
		validation.Errors = append(validation.Errors, err.Error())
	}
	validation.Level, validation.Violations = s.security(admitted)
	return validation
}

func (s *apiServer) admit(pod *core.Pod) error {
	attributes := admission.NewAttributesRecord(
		pod, nil, core.SchemeGroupVersion.WithKind("Pod"), pod.Namespace, pod.Name, core.Resource("pods").WithVersion(""), "",
		admission.Create, &metav1.CreateOptions{}, false, nil)
	for _, plugin := range s.plugins {
		if err := plugin.Admit(context.Background(), attributes, nil); err != nil {
			return err
		}
	}
	return nil
}

// security returns the strictest standard that the Pod meets, and the violations of "restricted".
func (s *apiServer) security(pod *corev1.Pod) (psa.Level, []string) {
	violations := s.violations(psa.LevelRestricted, pod)
	switch {
	case len(violations) == 0:
		return psa.LevelRestricted, nil
	case len(s.violations(psa.LevelBaseline, pod)) == 0:
		return psa.LevelBaseline, violations
	default:
		return psa.LevelPrivileged, violations
	}
}

func (s *apiServer) violations(level psa.Level, pod *corev1.Pod) []string {
	var violations []string
	latest := psa.LevelVersion{Level: level, Version: psa.LatestVersion()}
	for _, result := range s.evaluator.EvaluatePod(latest, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			violations = append(violations, result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return violations
}

// name sets the namespace and the name, which the API server takes from the request or generates.
func name(pod *metav1.ObjectMeta) {
	if pod.Namespace == "" {
		pod.Namespace = metav1.NamespaceDefault
	}
	if pod.Name == "" && pod.GenerateName != "" {
		pod.Name = names.SimpleNameGenerator.GenerateName(pod.GenerateName)
	}
}

func invalid(err error) Validation {
	return Validation{Errors: []string{err.Error()}}
}

// fixedNames always generates the same name, so that outputs can be compared.
type fixedNames struct{}

func (fixedNames) GenerateName(base string) string {
	const longest = 58
	if len(base) > longest {
		base = base[:longest]
	}
	return base + "abcde"
}

// withAnyServiceAccount creates the ServiceAccount that a Pod names before the plug-in reads it.
type withAnyServiceAccount struct {
	admission.MutationInterface
	cluster informers.SharedInformerFactory
}

func (p withAnyServiceAccount) Admit(ctx context.Context, attributes admission.Attributes, objects admission.ObjectInterfaces) error {
	account := &corev1.ServiceAccount{}
	account.Namespace = attributes.GetNamespace()
	account.Name = attributes.GetObject().(*core.Pod).Spec.ServiceAccountName
	if account.Name == "" {
		account.Name = serviceaccount.DefaultServiceAccountName
	}
	if err := p.cluster.Core().V1().ServiceAccounts().Informer().GetIndexer().Add(account); err != nil {
		return err
	}
	return p.MutationInterface.Admit(ctx, attributes, objects)
}
