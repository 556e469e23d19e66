// Enforces NetworkPolicies on the test node: kube-router's controller of them, without the rest of kube-router.
//
// Version 2.1.0, the newest one that Go's module proxy has, loses its sets of IPv6 addresses: it creates them under
// one name and asks for them by another, and what it saved of one family it restores over the other. Both lie in the
// handler of sets, which the controller takes from outside; this program gives it one for each family that does not.
package main

import (
	"context"
	"flag"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/cloudnativelabs/kube-router/v2/pkg/utils"
	core "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
)

// patience is how long the API server may take to tell of what is there.
const patience = time.Minute

// sets are those of one family of addresses.
type sets struct {
	*utils.IPSet
	family string
}

// newSets makes sets that are called what the rules call them, whatever their family.
func newSets(family string) (*sets, error) {
	handler, err := utils.NewIPSet(false)
	if err != nil {
		return nil, err
	}
	return &sets{handler, family}, nil
}

// RefreshSet keeps what is in a set, and of which family it is.
func (s *sets) RefreshSet(name string, entries [][]string, kind string) {
	s.IPSet.RefreshSet(name, entries, kind)
	set := s.Get(name)
	if !slices.Contains(set.Options, "family") {
		set.Options = append(set.Options, "family", s.family)
	}
}

// Save reads the sets that are in force; those of the other family are the other handler's.
func (s *sets) Save() error {
	if err := s.IPSet.Save(); err != nil {
		return err
	}
	found := s.Sets()
	for name, set := range found {
		at := slices.Index(set.Options, "family")
		if at < 0 || set.Options[at+1] != s.family {
			delete(found, name)
		}
	}
	return nil
}

func main() {
	klog.InitFlags(nil)
	kubeconfig := flag.String("kubeconfig", "", "the file by which the API server is found")
	node := flag.String("node", "", "the node whose pods are guarded")
	services := flag.String("services", "", "the networks of Services, of both families, with a comma between")
	flag.Parse()
	config := options.NewKubeRouterConfig()
	config.EnableIPv4, config.EnableIPv6 = true, true
	config.HostnameOverride = *node
	config.ClusterIPCIDRs = strings.Split(*services, ",")
	if err := run(*kubeconfig, config); err != nil {
		klog.Fatal(err)
	}
}

func run(kubeconfig string, config *options.KubeRouterConfig) error {
	settings, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(settings)
	if err != nil {
		return err
	}
	rules, _, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return err
	}
	addresses := map[core.IPFamily]utils.IPSetHandler{}
	for family, name := range map[core.IPFamily]string{core.IPv4Protocol: "inet", core.IPv6Protocol: "inet6"} {
		if addresses[family], err = newSets(name); err != nil {
			return err
		}
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	var lock sync.Mutex
	controller, err := netpol.NewNetworkPolicyController(
		client, config, pods, policies, namespaces, &lock, rules, addresses)
	if err != nil {
		return err
	}
	for informer, handler := range map[cache.SharedIndexInformer]cache.ResourceEventHandler{
		pods:       controller.PodEventHandler,
		namespaces: controller.NamespaceEventHandler,
		policies:   controller.NetworkPolicyEventHandler,
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	return obey(factory, controller)
}

// obey runs the controller until the program is asked to end.
func obey(factory informers.SharedInformerFactory, controller *netpol.NetworkPolicyController) error {
	asked, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	factory.Start(asked.Done())
	limit, end := context.WithTimeout(asked, patience)
	defer end()
	for kind, isKnown := range factory.WaitForCacheSync(limit.Done()) {
		if !isKnown {
			klog.Fatalf("the API server does not tell of %s", kind)
		}
	}
	beats := make(chan *healthcheck.ControllerHeartbeat)
	go func() {
		for range beats { // nobody asks for its health
		}
	}()
	var running sync.WaitGroup
	running.Add(1)
	go controller.Run(beats, asked.Done(), &running)
	running.Wait()
	return nil
}
