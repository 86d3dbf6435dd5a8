package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/command/server"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/listenerutil"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/vault"
)

// serve runs the server until SIGINT or SIGTERM. It ends in order: no new request, then the core is sealed.
func serve(configFile string) error {
	logger := hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Info})
	config, err := server.LoadConfigFile(configFile)
	if err != nil {
		return fmt.Errorf("configuration %s: %w", configFile, err)
	}
	core, err := newCore(config, logger)
	if err != nil {
		return err
	}
	servers, err := listen(core, config, logger)
	if err != nil {
		return errors.Join(err, core.ShutdownWait())
	}

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	logger.Info("server started")
	select {
	case <-stop.Done():
		logger.Info("told to stop")
	case <-core.ShutdownDone(): // the core gives up by itself when, for instance, its storage fails
		logger.Error("core ended")
	}
	return shutDown(core, servers)
}

func shutDown(core *vault.Core, servers []*http.Server) error {
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var failures []error
	for _, s := range servers {
		failures = append(failures, s.Shutdown(grace))
	}
	return errors.Join(append(failures, core.ShutdownWait())...)
}

// newCore makes Vault's core as the official server does, with our short lists of storage, audit devices and plugins.
func newCore(config *server.Config, logger hclog.Logger) (*vault.Core, error) {
	if config.Storage == nil || config.Storage.Type != "file" {
		return nil, errors.New(`storage must be "file" in this build: a server of one member needs no other`)
	}
	storage, err := file.NewFileBackend(config.Storage.Config, logger.Named("storage.file"))
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	logicalBackends, credentialBackends := factories()
	return vault.NewCore(&vault.CoreConfig{
		RawConfig:          config,
		Physical:           storage,
		StorageType:        config.Storage.Type,
		RedirectAddr:       config.APIAddr,
		AuditBackends:      auditDevices,
		LogicalBackends:    logicalBackends,
		CredentialBackends: credentialBackends,
		BuiltinRegistry:    registry{},
		Logger:             logger,
		DisableMlock:       config.DisableMlock,
		DisableCache:       config.DisableCache,
		DefaultLeaseTTL:    config.DefaultLeaseTTL,
		MaxLeaseTTL:        config.MaxLeaseTTL,
		EnableRaw:          config.EnableRawEndpoint,
		ClusterName:        config.ClusterName,
	})
}

// listen opens the listeners of the configuration and serves Vault's HTTP interface on each.
func listen(core *vault.Core, config *server.Config, logger hclog.Logger) ([]*http.Server, error) {
	if len(config.Listeners) == 0 {
		return nil, errors.New("the configuration has no listener")
	}
	listeners := make([]listenerutil.Listener, 0, len(config.Listeners))
	for _, wanted := range config.Listeners {
		opened, _, _, err := server.NewListener(wanted, os.Stderr, nil)
		if err != nil {
			return nil, fmt.Errorf("listener %s: %w", wanted.Address, err)
		}
		listeners = append(listeners, listenerutil.Listener{Listener: opened, Config: wanted})
	}
	core.SetConfig(config)

	servers := make([]*http.Server, 0, len(listeners))
	for _, listener := range listeners {
		s := &http.Server{
			Handler:           vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: listener.Config}),
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       30 * time.Second,
			IdleTimeout:       5 * time.Minute,
			ErrorLog:          logger.StandardLogger(nil),
		}
		servers = append(servers, s)
		go func() {
			if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				core.ShutdownCoreError(fmt.Errorf("listener %s: %w", listener.Config.Address, err))
			}
		}()
	}
	return servers, nil
}
