package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/registry"
	"lifecircle/scenario"
)

func (a *app) importNetwork() *cobra.Command {
	var area, key string
	var set []string
	c := &cobra.Command{
		Use:   "network NET",
		Short: "Take the streets of a root area in: a file of `network build`",
		Long: `Keeps a network file for a root area and all below it: distances are measured along
its streets from then on. It takes the place of the one before; an undo brings that
back.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kept := registry.Network{Source: filepath.Base(args[0]), Provenance: lifecircle.Real}
			for _, s := range set {
				switch target, value, _ := strings.Cut(s, "="); target {
				case "source":
					kept.Source = value
				case "provenance":
					kept.Provenance = lifecircle.Provenance(value)
				default:
					return useError{fmt.Errorf("--set %s: want source=… or provenance=…", s)}
				}
			}
			w, err := a.open(cmd.Context(), a.dir)
			if err != nil {
				return err
			}
			defer w.db.Close()
			n, err := network.Open(args[0])
			if err != nil {
				return err
			}
			kept.Hash = n.Hash()
			facts, _, err := w.db.Facts(cmd.Context(), a.who)
			if err != nil {
				return err
			}
			if kept.Root, err = rootArea(facts.Registry, area); err != nil {
				return err
			}
			answer := map[string]any{"root": kept.Root, "hash": kept.Hash, "change": 0}
			rows := [][]string{{"root", "hash", "change"}, {string(kept.Root), kept.Hash, "nothing new"}}
			if before, ok := facts.Registry.Network(kept.Root); !ok || before != kept {
				change := []scenario.Change{{Op: scenario.Network, Network: &kept}}
				if _, err := facts.With(change); err != nil {
					return err
				}
				// The file comes first: a change names streets that are there.
				if err := keepNetwork(w.dir, n); err != nil {
					return err
				}
				if _, err := keptIndex(cmd.ErrOrStderr(), networkFile(w.dir, n.Hash()), n); err != nil {
					return err
				}
				done, err := scenario.Commit(cmd.Context(), w.db, a.who, scenario.Committed{
					Request: a.request(key), Changes: change,
				})
				if err != nil {
					return err
				}
				answer["change"], rows[1][2] = done.Seq, fmt.Sprint(done.Seq)
			}
			return a.print(cmd.OutOrStdout(), answer, rows)
		},
	}
	c.Flags().StringVar(&area, "area", "", "the root area; may be left out where there is one alone")
	c.Flags().StringArrayVar(&set, "set", nil, "source=… and provenance=real|estimated|generated; may be repeated")
	c.Flags().StringVar(&key, "key", "", "idempotency key: the same import with it again has no second effect")
	return a.formats(c)
}

// rootArea is the area that is named, or the only root.
func rootArea(s *registry.Snapshot, named string) (lifecircle.AreaCode, error) {
	if named != "" {
		return lifecircle.ParseAreaCode(named)
	}
	switch roots := s.Roots(); len(roots) {
	case 1:
		return roots[0], nil
	case 0:
		return "", lifecircle.Errorf("area_unknown", "there are no areas yet: import them first")
	default:
		return "", useError{fmt.Errorf("there are %d root areas: say which one with --area", len(roots))}
	}
}
