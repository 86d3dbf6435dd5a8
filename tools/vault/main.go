// Command vault is HashiCorp Vault's own core, storage, seal, audit and HTTP interface with two plugins: secrets kv and
// auth kubernetes. It takes the same arguments and the same configuration file as the official program, which can take
// its place at any time; what it leaves out, and why, is in README.md.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/vault/version"
)

const usage = `usage: vault server -config=FILE   run the server until it is told to stop
       vault version                print the version`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "vault:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command given\n%s", usage)
	}
	switch args[0] {
	case "version", "-version", "--version":
		fmt.Printf("Vault v%s (built from source with the plugins kv and kubernetes only)\n", version.Version)
		return nil
	case "server":
		flags := flag.NewFlagSet("vault server", flag.ContinueOnError)
		config := flags.String("config", "", "configuration file, HCL or JSON")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		if *config == "" {
			return fmt.Errorf("-config is missing\n%s", usage)
		}
		return serve(*config)
	default:
		return fmt.Errorf("no command %q in this build, which has only what a server needs\n%s", args[0], usage)
	}
}
