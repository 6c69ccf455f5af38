// Prints the IPv4 addresses Go's own resolver finds for the name given; built with CGO_ENABLED=0, so no libc is in it.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sort"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: resolve NAME")
		os.Exit(1)
	}
	found, err := net.DefaultResolver.LookupIP(context.Background(), "ip4", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	texts := map[string]bool{}
	for _, each := range found {
		texts[each.String()] = true
	}
	var sorted []string
	for text := range texts {
		sorted = append(sorted, text)
	}
	sort.Strings(sorted)
	for _, text := range sorted {
		fmt.Println(text)
	}
}
