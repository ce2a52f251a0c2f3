// Command vectors writes proofs made and judged by Go's golang.org/x/mod/sumdb/tlog, for ProofVectorsTest of the audit module:
// sound ones, and the same changed in every way that has fooled a verifier before. One JSON object a line.
//
//	go run ./vectors > ../../audit/src/test/resources/io/outrider/audit/proof/vectors.jsonl
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// tree holds all hashes of a small log, as the library numbers them.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, t[index])
	}
	return found, nil
}

type vector struct {
	Kind  string   `json:"kind"`
	How   string   `json:"how"`
	Old   int64    `json:"old"`
	Size  int64    `json:"size"`
	Hash  []byte   `json:"hash"`
	Root  []byte   `json:"root"`
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
	var proof []tlog.Hash
	for _, hash := range v.Proof {
		proof = append(proof, tlog.Hash(hash))
	}
	v.OK = judge(v, proof) == nil
	if v.Proof == nil {
		v.Proof = [][]byte{}
	}
	check(out.Encode(v))
}

func judge(v vector, proof []tlog.Hash) error {
	if v.Kind == "inclusion" {
		return tlog.CheckRecord(proof, v.Size, tlog.Hash(v.Root), v.Old, tlog.Hash(v.Hash))
	}
	return tlog.CheckTree(proof, v.Size, tlog.Hash(v.Root), v.Old, tlog.Hash(v.Hash))
}

func variants(v vector) {
	garbage := tlog.RecordHash([]byte("garbage"))
	change := func(how string, edit func(*vector)) {
		copied := v
		copied.How = how
		copied.Proof = append([][]byte{}, v.Proof...)
		edit(&copied)
		if copied.Size < 1 || copied.Old < 0 || copied.Kind == "consistency" && copied.Old < 1 || copied.Old > copied.Size {
			return
		}
		write(copied)
	}
	change("sound", func(*vector) {})
	change("old+1", func(v *vector) { v.Old++ })
	change("old-1", func(v *vector) { v.Old-- })
	change("old^2", func(v *vector) { v.Old ^= 2 })
	change("size+1", func(v *vector) { v.Size++ })
	change("size-1", func(v *vector) { v.Size-- })
	change("size*2", func(v *vector) { v.Size *= 2 })
	change("size/2", func(v *vector) { v.Size /= 2 })
	change("hash", func(v *vector) { v.Hash = garbage[:] })
	change("root", func(v *vector) { v.Root = garbage[:] })
	change("swapped", func(v *vector) { v.Hash, v.Root = v.Root, v.Hash })
	change("empty", func(v *vector) { v.Proof = nil })
	change("trailing garbage", func(v *vector) { v.Proof = append(v.Proof, garbage[:]) })
	change("trailing root", func(v *vector) { v.Proof = append(v.Proof, v.Root) })
	change("preceding hash", func(v *vector) { v.Proof = append([][]byte{v.Hash}, v.Proof...) })
	change("preceding garbage", func(v *vector) { v.Proof = append([][]byte{garbage[:]}, v.Proof...) })
	if len(v.Proof) > 0 {
		change("truncated", func(v *vector) { v.Proof = v.Proof[:len(v.Proof)-1] })
		change("beheaded", func(v *vector) { v.Proof = v.Proof[1:] })
		change("one bit", func(v *vector) {
			last := append([]byte{}, v.Proof[len(v.Proof)-1]...)
			last[7] ^= 0x10
			v.Proof[len(v.Proof)-1] = last
		})
	}
}

func main() {
	var hashes tree
	var roots []tlog.Hash
	for i := int64(0); i < 70; i++ {
		more, err := tlog.StoredHashes(i, []byte(fmt.Sprintf("record %d", i)), hashes)
		check(err)
		hashes = append(hashes, more...)
		root, err := tlog.TreeHash(i+1, hashes)
		check(err)
		roots = append(roots, root)
	}
	for _, at := range [][2]int64{{0, 1}, {0, 2}, {1, 2}, {0, 8}, {5, 8}, {2, 3}, {1, 5}, {4, 5}, {6, 7}, {32, 70}, {63, 64}, {64, 65}, {69, 70}} {
		proof, err := tlog.ProveRecord(at[1], at[0], hashes)
		check(err)
		leaf := hashes[tlog.StoredHashIndex(0, at[0])]
		root := roots[at[1]-1]
		variants(vector{Kind: "inclusion", Old: at[0], Size: at[1], Hash: leaf[:], Root: root[:], Proof: bytes(proof)})
	}
	for _, at := range [][2]int64{{1, 1}, {1, 2}, {1, 8}, {6, 8}, {2, 5}, {4, 8}, {3, 7}, {8, 9}, {32, 70}, {33, 64}, {63, 64}, {64, 70}, {70, 70}} {
		proof, err := tlog.ProveTree(at[1], at[0], hashes)
		check(err)
		old, root := roots[at[0]-1], roots[at[1]-1]
		variants(vector{Kind: "consistency", Old: at[0], Size: at[1], Hash: old[:], Root: root[:], Proof: bytes(proof)})
	}
}

func bytes(hashes []tlog.Hash) [][]byte {
	var all [][]byte
	for _, hash := range hashes {
		all = append(all, append([]byte{}, hash[:]...))
	}
	return all
}
