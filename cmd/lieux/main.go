// Command lieux keeps a cooperative's register, assemblies and places. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"lieux/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(ctx, os.Args[1:], app.Env{Get: os.Getenv, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
