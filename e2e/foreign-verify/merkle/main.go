// Command merkle writes the test vectors that github.com/transparency-dev/merkle publishes in its package testonly, and proofs
// over them, sound and changed, as its package proof judges them; for ForeignVerifyTest of the audit module, which must judge
// the same. One JSON object a line. Runs the module where Go keeps it; nothing of it is copied here.
//
//	go run ./merkle
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
)

type vector struct {
	Kind  string   `json:"kind"`
	Old   uint64   `json:"old"`
	Size  uint64   `json:"size"`
	Data  []byte   `json:"data,omitempty"`
	Hash  []byte   `json:"hash,omitempty"`
	Root  []byte   `json:"root,omitempty"`
	Proof [][]byte `json:"proof"`
	OK    bool     `json:"ok"`
}

var out = json.NewEncoder(os.Stdout)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(v vector) {
	if v.Proof == nil {
		v.Proof = [][]byte{}
	}
	check(out.Encode(v))
}

func judged(v vector) {
	if v.Kind == "inclusion" {
		v.OK = proof.VerifyInclusion(rfc6962.DefaultHasher, v.Old, v.Size, v.Hash, v.Proof, v.Root) == nil
	} else {
		v.OK = proof.VerifyConsistency(rfc6962.DefaultHasher, v.Old, v.Size, v.Proof, v.Hash, v.Root) == nil
	}
	write(v)
}

func flipped(hash []byte) []byte {
	copied := append([]byte{}, hash...)
	copied[7] ^= 8
	return copied
}

// variants writes a proof and what could pass for one.
func variants(v vector) {
	judged(v)
	change := func(edit func(*vector)) {
		copied := v
		copied.Proof = append([][]byte{}, v.Proof...)
		edit(&copied)
		judged(copied)
	}
	change(func(v *vector) { v.Old++ })
	change(func(v *vector) { v.Old ^= 2 })
	change(func(v *vector) { v.Size++ })
	change(func(v *vector) { v.Size *= 2 })
	change(func(v *vector) { v.Size /= 2 })
	change(func(v *vector) { v.Hash = flipped(v.Hash) })
	change(func(v *vector) { v.Root = flipped(v.Root) })
	change(func(v *vector) { v.Root, v.Hash = v.Hash, v.Root })
	change(func(v *vector) { v.Proof = append(v.Proof, v.Root) })
	change(func(v *vector) { v.Proof = append([][]byte{v.Root}, v.Proof...) })
	change(func(v *vector) { v.Proof = append(v.Proof, []byte{}) })
	for i := range v.Proof {
		change(func(v *vector) { v.Proof[i] = flipped(v.Proof[i]) })
		change(func(v *vector) { v.Proof = v.Proof[:i] })
		change(func(v *vector) { v.Proof = append(v.Proof[:i], v.Proof[i+1:]...) })
	}
}

func main() {
	tree := testonly.New(rfc6962.DefaultHasher)
	write(vector{Kind: "root", Root: testonly.EmptyRootHash()})
	for i, data := range testonly.LeafInputs() {
		tree.AppendData(data)
		write(vector{Kind: "leaf", Data: data, Hash: testonly.NodeHashes()[0][i]})
		write(vector{Kind: "root", Size: uint64(i + 1), Root: testonly.RootHashes()[i+1]})
	}
	for size := uint64(1); size <= tree.Size(); size++ {
		for old := uint64(0); old < size; old++ {
			path, err := tree.InclusionProof(old, size)
			check(err)
			variants(vector{Kind: "inclusion", Old: old, Size: size, Hash: tree.LeafHash(old), Root: tree.HashAt(size), Proof: path})
			if old > 0 {
				path, err = tree.ConsistencyProof(old, size)
				check(err)
				variants(vector{Kind: "consistency", Old: old, Size: size, Hash: tree.HashAt(old), Root: tree.HashAt(size), Proof: path})
			}
		}
	}
}
