package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"lisgate/config"
	"lisgate/gateway"
)

func newServeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the gateway until it is told to stop",
		Long: `Run the gateway. Without a config it listens on 127.0.0.1:8080, keeps its
records in ./lisgate-data and lets anybody on this machine in.

SIGHUP reads the config again without dropping a message; SIGTERM or Ctrl-C
stops within ten seconds and loses nothing.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), func() (*config.Config, error) { return loadConfig(cmd) })
		},
	}
	addConfigFlags(cmd)
	return cmd
}

// addConfigFlags adds the flags that stand above the config.
func addConfigFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("config", "c", "", "config file (YAML), else the one that LISGATE_CONFIG names; see lisgate check --example")
	cmd.Flags().String("listen", "", "address to listen on")
	cmd.Flags().String("data", "", "folder of the records")
	cmd.Flags().Bool("insecure", false, "listen beyond this machine without authentication or TLS")
}

// loadConfig reads the config with the flags that were given above it.
func loadConfig(cmd *cobra.Command) (*config.Config, error) {
	over := map[string]any{}
	for _, name := range []string{"listen", "data", "insecure"} {
		if flag := cmd.Flags().Lookup(name); flag.Changed {
			over[name] = flag.Value.String()
		}
	}
	path, _ := cmd.Flags().GetString("config")
	if !cmd.Flags().Changed("config") {
		path = os.Getenv("LISGATE_CONFIG")
	}
	return config.Load(path, over)
}

// serve runs the gateway.
func serve(ctx context.Context, load func() (*config.Config, error)) error {
	c, err := load()
	if err != nil {
		return err
	}
	log, level, err := newLog(c)
	if err != nil {
		return err
	}
	defer log.Sync()
	warn(log, c)
	g, err := gateway.New(ctx, c, log)
	if err != nil {
		return err
	}
	log.Info("started", zap.String("address", g.Addr()), zap.String("data", c.Data), zap.String("version", version),
		zap.Int("callers", len(c.Callers)), zap.Int("targets", len(c.Targets)), zap.Int("routes", len(c.Routes)))
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	go reloads(ctx, hup, log, level, g, c, load)
	if err := g.Run(ctx); err != nil {
		return err
	}
	log.Info("stopped")
	return nil
}

func warn(log *zap.Logger, c *config.Config) {
	for _, w := range c.Warnings {
		log.Warn("config", zap.String("text", w))
	}
}

// reloads puts a new config in force at every SIGHUP. A config with a
// mistake is not taken; the old one stays.
func reloads(ctx context.Context, hup <-chan os.Signal, log *zap.Logger, level zap.AtomicLevel, g *gateway.Gateway, old *config.Config, load func() (*config.Config, error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
		}
		c, err := load()
		if err == nil {
			err = g.Reload(c)
		}
		if err != nil {
			log.Error("config not taken, the old one stays", zap.Error(err))
			continue
		}
		if l, err := zap.ParseAtomicLevel(c.Log.Level); err == nil {
			level.SetLevel(l.Level())
		}
		warn(log, c)
		if keys := c.NeedsRestart(old); len(keys) > 0 {
			log.Warn("changed keys that take force at the next start", zap.String("keys", strings.Join(keys, ", ")))
		}
		log.Info("config taken", zap.Int("callers", len(c.Callers)), zap.Int("routes", len(c.Routes)))
	}
}

// newLog makes the logger that the config wants.
func newLog(c *config.Config) (*zap.Logger, zap.AtomicLevel, error) {
	level, err := zap.ParseAtomicLevel(c.Log.Level)
	if err != nil {
		return nil, level, fmt.Errorf("log level: %w", err)
	}
	z := zap.NewProductionConfig()
	if c.Log.Format == "console" {
		z = zap.NewDevelopmentConfig()
		z.Development = false
	}
	z.EncoderConfig.EncodeTime = zapcore.ISO8601TimeEncoder
	z.Level, z.DisableStacktrace, z.DisableCaller, z.Sampling = level, true, true, nil
	log, err := z.Build()
	return log, level, err
}
