// An independent reader of a published log, built on golang.org/x/mod/sumdb (tlog and note): what those packages
// accept was not judged by the program that made the log.
//
//	peer audit FOLDER VKEY               open the checkpoint, recompute the tree from all entries, compare all tiles
//	peer prove FOLDER VKEY < QUESTIONS   give proofs made from our tiles, for comparison with ours
//	peer check FOLDER VKEY < PROOFS      check our proofs under the checkpoint
//	peer entry FOLDER VKEY INDEX         read one entry through TileHashReader
//	peer cosigned FOLDER VKEY WITNESS    open the checkpoint with a cosignature of the witness
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

var folder string

func main() {
	if len(os.Args) < 4 {
		fail("usage: peer COMMAND FOLDER VKEY [ARGUMENT]")
	}
	folder = os.Args[2]
	verifier, err := note.NewVerifier(os.Args[3])
	must(err)
	verifiers := []note.Verifier{verifier}
	if os.Args[1] == "cosigned" {
		verifiers = append(verifiers, newWitness(os.Args[4]))
	}
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	must(err)
	tree := parseCheckpoint(opened.Text, verifier.Name())
	switch os.Args[1] {
	case "audit":
		audit(tree)
	case "prove":
		prove(tree)
	case "check":
		check(tree)
	case "entry":
		entry(tree, number(os.Args[4]))
	case "cosigned":
		for _, signature := range opened.Sigs {
			fmt.Printf("signed by %s %08x\n", signature.Name, signature.Hash)
		}
	default:
		fail("no such command")
	}
}

func parseCheckpoint(text, origin string) tlog.Tree {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		fail("not a checkpoint of %s: %q", origin, text)
	}
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: number(lines[1]), Hash: root}
}

// entries returns all entries under the tree, from the bundles of the publication.
func entries(tree tlog.Tree) [][]byte {
	var found [][]byte
	for start := int64(0); start < tree.N; start += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: start >> height, W: 1 << height}
		if rest := tree.N - start; rest < 1<<height {
			tile.W = int(rest)
		}
		bundle := readBundle(tile)
		if len(bundle) != tile.W {
			fail("%s holds %d entries", publishedPath(tile), len(bundle))
		}
		found = append(found, bundle...)
	}
	return found
}

func readBundle(tile tlog.Tile) [][]byte {
	data, err := os.ReadFile(filepath.Join(folder, publishedPath(tile)))
	must(err)
	var found [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			fail("%s ends within an entry", publishedPath(tile))
		}
		length := 2 + int(binary.BigEndian.Uint16(data))
		found = append(found, data[2:length])
		data = data[length:]
	}
	return found
}

// publishedPath drops the height, which tlog-tiles fixes, and names bundles of entries as it does.
func publishedPath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// audit recomputes the tree from all entries and compares each published tile with it.
func audit(tree tlog.Tree) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	all := entries(tree)
	for i, one := range all {
		hashes, err := tlog.StoredHashes(int64(i), one, reader)
		must(err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	if root != tree.Hash {
		fail("the entries give root %v, the checkpoint signs %v", root, tree.Hash)
	}
	tiles := 0
	for level := 0; tree.N>>(height*uint(level)) > 0; level++ {
		count := tree.N >> (height * uint(level))
		for start := int64(0); start < count; start += 1 << height {
			tile := tlog.Tile{H: height, L: level, N: start >> height, W: 1 << height}
			if rest := count - start; rest < 1<<height {
				tile.W = int(rest)
			}
			wanted, err := tlog.ReadTileData(tile, reader)
			must(err)
			data, err := os.ReadFile(filepath.Join(folder, publishedPath(tile)))
			must(err)
			if !bytes.Equal(data, wanted) {
				fail("%s is not what the entries give", publishedPath(tile))
			}
			tiles++
		}
	}
	fmt.Printf("audited %d entries and %d tiles: root %v\n", len(all), tiles, root)
}

// prove answers lines "inclusion SIZE INDEX" and "consistency NEW OLD" with the hashes in hexadecimal.
func prove(tree tlog.Tree) {
	reader := tlog.TileHashReader(tree, tiles{})
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		words := strings.Fields(input.Text())
		var hashes []tlog.Hash
		if words[0] == "inclusion" {
			proof, err := tlog.ProveRecord(number(words[1]), number(words[2]), reader)
			must(err)
			hashes = proof
		} else {
			proof, err := tlog.ProveTree(number(words[1]), number(words[2]), reader)
			must(err)
			hashes = proof
		}
		var texts []string
		for _, hash := range hashes {
			texts = append(texts, hex.EncodeToString(hash[:]))
		}
		fmt.Println(strings.Join(texts, " "))
	}
	must(input.Err())
}

// check reads lines "inclusion INDEX LEAF HASH..." and "consistency OLD ROOT HASH..." and checks each proof.
func check(tree tlog.Tree) {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	counted := map[string]int{}
	for input.Scan() {
		words := strings.Fields(input.Text())
		var hashes []tlog.Hash
		for _, word := range words[3:] {
			hashes = append(hashes, unhex(word))
		}
		if words[0] == "inclusion" {
			must(tlog.CheckRecord(hashes, tree.N, tree.Hash, number(words[1]), unhex(words[2])))
		} else {
			must(tlog.CheckTree(hashes, tree.N, tree.Hash, number(words[1]), unhex(words[2])))
		}
		counted[words[0]]++
	}
	must(input.Err())
	fmt.Printf("checked %d inclusion and %d consistency proofs\n", counted["inclusion"], counted["consistency"])
}

// entry reads the hash of one entry through TileHashReader and holds the entry in the bundle against it.
func entry(tree tlog.Tree, index int64) {
	reader := tlog.TileHashReader(tree, tiles{})
	hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	must(err)
	tile := tlog.Tile{H: height, L: -1, N: index >> height, W: 1 << height}
	if rest := tree.N - tile.N<<height; rest < 1<<height {
		tile.W = int(rest)
	}
	one := readBundle(tile)[index&(1<<height-1)]
	if tlog.RecordHash(one) != hashes[0] {
		fail("the entry is not the one in its tile")
	}
	fmt.Printf("accepted entry %d: %q\n", index, one)
}

// tiles reads tiles of the publication, unchecked: TileHashReader is there to check them.
type tiles struct{}

func (tiles) Height() int { return height }

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(folder, publishedPath(tile)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// witness verifies cosignatures as C2SP tlog-cosignature describes them; the package knows type 1 alone.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) witness {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if len(key) != 33 || key[0] != 4 {
		fail("not a key of a witness: %s", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	return witness{parts[0], binary.BigEndian.Uint32(sum[:]), key[1:]}
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, message)
	return ed25519.Verify(w.key, []byte(signed), signature[8:])
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	must(err)
	return value
}

func unhex(text string) tlog.Hash {
	data, err := hex.DecodeString(text)
	must(err)
	var hash tlog.Hash
	if copy(hash[:], data) != tlog.HashSize {
		fail("not a hash: %s", text)
	}
	return hash
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}
