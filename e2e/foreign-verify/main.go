// Command foreign-verify checks an Outrider audit log with Go's own transparency-log packages and nothing of Outrider's.
//
//	foreign-verify FOLDER VERIFIER-KEY
//
// It opens the signed checkpoint, recomputes every leaf hash from the entry bundles, and proves each record into the signed
// tree through hash tiles that the library itself authenticates. Exit status 0 means that all of it held.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: foreign-verify FOLDER VERIFIER-KEY")
		os.Exit(2)
	}
	size, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "REJECTED:", err)
		os.Exit(1)
	}
	fmt.Printf("accepted: %d records\n", size)
}

func verify(folder, key string) (int64, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return 0, err
	}
	raw, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return 0, fmt.Errorf("checkpoint: origin %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, err
	}
	rootBytes, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(rootBytes) != tlog.HashSize {
		return 0, fmt.Errorf("checkpoint: root %q", lines[2])
	}
	tree := tlog.Tree{N: size, Hash: tlog.Hash(rootBytes)}
	reader := tlog.TileHashReader(tree, tiles{folder})

	var indexes []int64
	var hashes []tlog.Hash
	check := func() error {
		found, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, hash := range found {
			if hash != hashes[i] {
				return fmt.Errorf("a record of the bundle before %d is not the one in the tree", len(hashes))
			}
		}
		indexes, hashes = indexes[:0], hashes[:0]
		return nil
	}
	for bundle := int64(0); bundle*256 < size; bundle++ {
		width := min(256, size-bundle*256)
		leaves, err := entries(folder, bundle, width)
		if err != nil {
			return 0, err
		}
		for i, leaf := range leaves {
			indexes = append(indexes, tlog.StoredHashIndex(0, bundle*256+int64(i)))
			hashes = append(hashes, tlog.RecordHash(leaf))
		}
		if err := check(); err != nil {
			return 0, fmt.Errorf("bundle %d: %w", bundle, err)
		}
	}
	for index := int64(0); index < size; index += 1 + size/500 {
		proof, err := tlog.ProveRecord(size, index, reader)
		if err != nil {
			return 0, fmt.Errorf("record %d: %w", index, err)
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, size, tree.Hash, index, leaf[0]); err != nil {
			return 0, fmt.Errorf("record %d: %w", index, err)
		}
	}
	for old := int64(1); old < size; old += 1 + size/100 {
		oldHash, err := tlog.TreeHash(old, reader)
		if err != nil {
			return 0, err
		}
		proof, err := tlog.ProveTree(size, old, reader)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, size, tree.Hash, old, oldHash); err != nil {
			return 0, fmt.Errorf("tree of size %d: %w", old, err)
		}
	}
	return size, nil
}

func entries(folder string, bundle, width int64) ([][]byte, error) {
	path := "tile/entries/" + number(bundle)
	if width < 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	raw, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for len(raw) > 0 {
		if len(raw) < 2 || len(raw) < 2+int(binary.BigEndian.Uint16(raw)) {
			return nil, fmt.Errorf("%s: ends inside a record", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(raw))
		leaves = append(leaves, raw[2:end])
		raw = raw[end:]
	}
	if int64(len(leaves)) != width {
		return nil, fmt.Errorf("%s: %d records, expected %d", path, len(leaves), width)
	}
	return leaves, nil
}

// tiles reads hash tiles from a folder. The Go package names tiles tile/8/..., C2SP tlog-tiles leaves the 8 out.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		raw, err := os.ReadFile(filepath.Join(t.folder, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		found = append(found, raw)
	}
	return found, nil
}

func number(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}
