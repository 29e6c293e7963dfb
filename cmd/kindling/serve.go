package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"kindling/generator/serve"

	"github.com/urfave/cli/v2"
)

func (p *program) serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "hand each machine that boots over the network its own documents, once",
		Description: "A machine gets the iPXE script of its MAC address, and with the token in it, its own documents. Afterwards its script boots the disk, " +
			"and its documents are refused until --rearm. Where documents are public, a machine gets its secret part over HTTPS, from secret/NAME, once. Who asked for what goes to standard error. Who can claim a MAC address on the machines' " +
			"network before the machine does gets its documents, so keep others out of it.",
		UsageText: `kindling serve --allow 10.0.0.0/24 --images images
kindling serve --listen :8443 --tls-cert boot.crt --tls-key boot.key
kindling serve --rearm w0`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "out", Usage: "serve the set in `DIR`"},
			&cli.StringFlag{Name: "listen", Value: ":8080", Usage: "listen on `ADDRESS`, a port or an address with a port"},
			&cli.StringSliceFlag{Name: "allow", Usage: "answer the machines in `NETWORK`, such as 10.0.0.0/24; may be repeated (default: the networks of this machine's interfaces)"},
			&cli.StringFlag{Name: "images", Usage: "kernels and file systems, below images/, are in `DIR`"},
			&cli.StringFlag{Name: "tls-cert", Usage: "HTTPS with the certificate in `FILE`, followed by those that its issuers have"},
			&cli.StringFlag{Name: "tls-key", Usage: "and its private key in `FILE`"},
			&cli.StringFlag{Name: "ledger", Usage: "who has had what is kept in `DIR` (default: the set's, with .served at its end)"},
			&cli.StringSliceFlag{Name: "rearm", Usage: "let the machine `NODE` have its documents once more, also from a server that runs; may be repeated"},
		},
		Action: p.serve,
	}
}

func (p *program) serve(ctx *cli.Context) error {
	out := filepath.Clean(ctx.String("output"))
	documents, err := serve.Open(out)
	if err != nil {
		return err
	}
	dir := ctx.String("ledger")
	if dir == "" {
		dir = out + ".served"
	}
	ledger, err := serve.OpenLedger(dir)
	if err != nil {
		return err
	}
	if nodes := ctx.StringSlice("rearm"); len(nodes) > 0 {
		return p.rearm(documents, ledger, nodes)
	}
	networks, err := networks(ctx.StringSlice("allow"))
	if err != nil {
		return err
	}
	config, err := certificate(ctx.String("tls-cert"), ctx.String("tls-key"))
	if err != nil {
		return err
	}
	var one sync.Mutex // line at a time
	server := &serve.Server{Documents: documents, Ledger: ledger, Allow: networks, Now: p.now, Log: func(e serve.Entry) {
		one.Lock()
		defer one.Unlock()
		p.logRequest(e)
	}}
	if images := ctx.String("images"); images != "" {
		root, err := os.OpenRoot(images)
		if err != nil {
			return err
		}
		defer root.Close()
		server.Images = root.FS()
	}
	return p.listen(ctx.Context, ctx.String("listen"), config, server)
}

func (p *program) rearm(documents *serve.Documents, ledger *serve.Ledger, nodes []string) error {
	var errs []error
	for _, node := range nodes {
		known, err := documents.Has(node)
		switch {
		case err != nil:
			return err
		case !known:
			errs = append(errs, fmt.Errorf("--rearm: no machine %q is in the set with a MAC address or a secret part; out/index.json has their names", node))
			continue
		}
		if err := ledger.Rearm(node); err != nil {
			errs = append(errs, err)
			continue
		}
		p.note("%s may have its documents once more", node)
	}
	return errors.Join(errs...)
}

// listen serves until the program is interrupted. Then it finishes what it has begun.
func (p *program) listen(ctx context.Context, address string, config *tls.Config, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	scheme := "http"
	if config != nil {
		listener, scheme = tls.NewListener(listener, config), "https"
	}
	server := &http.Server{
		Handler: handler, ErrorLog: log.New(p.stderr, "warning: ", 0),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	p.note("listening on %s://%s", scheme, listener.Addr())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	server.Shutdown(finish) // what still runs then is a machine that does not read
	return nil
}

func (p *program) logRequest(e serve.Entry) {
	line := fmt.Sprintf("%s %s %s %s: %d", e.Time.UTC().Format(time.RFC3339), e.From, named(e.Node), quoted(e.Path), e.Status)
	if e.Reason == "" {
		p.note("%s, %d bytes", line, e.Bytes)
		return
	}
	p.warn("%s, %s", line, e.Reason)
}

func named(node string) string {
	if node == "" {
		return "-"
	}
	return node
}

// networks are those of the flags, or those that this machine is in.
func networks(values []string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	var errs []error
	for _, value := range values {
		network, err := netip.ParsePrefix(value)
		if err != nil {
			if single, err := netip.ParseAddr(value); err == nil {
				network = netip.PrefixFrom(single, single.BitLen())
			} else {
				errs = append(errs, fmt.Errorf("--allow: %q is neither a network, such as 10.0.0.0/24, nor an address", value))
			}
		}
		found = append(found, network.Masked())
	}
	if len(values) > 0 {
		return found, errors.Join(errs...)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		if network, err := netip.ParsePrefix(address.String()); err == nil {
			found = append(found, network.Masked())
		}
	}
	return found, nil
}

// certificate is nil if there is to be no TLS.
func certificate(cert, key string) (*tls.Config, error) {
	switch {
	case cert == "" && key == "":
		return nil, nil
	case cert == "" || key == "":
		return nil, usageError{errors.New("--tls-cert and --tls-key come together")}
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", cert, key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
