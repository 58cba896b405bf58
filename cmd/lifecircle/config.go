package main

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/document"
)

// config is the workspace's config.yaml. The file may be missing, and so may
// everything in it.
type config struct {
	Basemap basemapConfig `yaml:"basemap"`
	Reports reportsConfig `yaml:"reports"`
}

// reportsConfig says whose letterhead an annual report has, and what prints it.
type reportsConfig struct {
	// Issuer is the name in red at the head, Number the document's number below it.
	// Left out there is no red head.
	Issuer string `yaml:"issuer"`
	Number string `yaml:"number"`
	// Chromium is the path of the browser that prints PDF; left out one is looked for.
	Chromium string `yaml:"chromium"`
}

func (r reportsConfig) head() document.Head {
	return document.Head{Issuer: r.Issuer, Number: r.Number}
}

// basemapConfig says what maps are drawn on.
type basemapConfig struct {
	// Source is "own", the tiles in tiles/; "none"; or "service", a map service
	// elsewhere. Left out it is "own".
	Source string `yaml:"source"`
	// Of a service: the address of a tile with {z}, {x} and {y}; "vector" or
	// "raster"; the zooms it has; the coordinate system.
	Tiles   string `yaml:"tiles"`
	Kind    string `yaml:"kind"`
	MinZoom int    `yaml:"min_zoom"`
	MaxZoom int    `yaml:"max_zoom"`
	CRS     string `yaml:"crs"`
	// Shown in the frame of every map.
	Attribution string `yaml:"attribution"`
	MapNumber   string `yaml:"map_number"`
}

// readConfig reads the config.yaml of a workspace.
func readConfig(dir string) (config, error) {
	path := filepath.Join(dir, "config.yaml")
	var cfg config
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return cfg, nil
	}
	if err != nil {
		return cfg, lifecircle.Errorf("config_unreadable", "read configuration: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(text, &cfg, yaml.Strict()); err != nil {
		return cfg, lifecircle.Errorf("config_invalid", "%s: %s", path, yaml.FormatError(err, false, false))
	}
	if err := cfg.Basemap.check(); err != nil {
		return cfg, lifecircle.Errorf("config_invalid", "%s: basemap: %w", path, err)
	}
	return cfg, nil
}

// check refuses what no map could be drawn from.
func (b *basemapConfig) check() error {
	switch b.Source {
	case "", "own", "none":
		if b.Tiles != "" {
			return errors.New("tiles is of a service: say source: service")
		}
		return nil
	case "service":
	default:
		return lifecircle.Errorf("config_invalid", "source %q: want own, none or service", b.Source)
	}
	u, err := url.Parse(b.Tiles)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return lifecircle.Errorf("config_invalid", "tiles %q: want the address of a tile, as https://host/{z}/{x}/{y}", b.Tiles)
	}
	for _, place := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(b.Tiles, place) {
			return lifecircle.Errorf("config_invalid", "tiles %q lacks %s", b.Tiles, place)
		}
	}
	if !slices.Contains([]string{"vector", "raster"}, b.Kind) {
		return lifecircle.Errorf("config_invalid", "kind %q: want vector or raster", b.Kind)
	}
	// CGCS2000 and WGS-84 differ by centimetres; the shifted systems by hundreds of
	// metres, and a facility would stand in the wrong street.
	if !slices.Contains([]string{"wgs84", "cgcs2000"}, b.CRS) {
		return lifecircle.Errorf("config_invalid", "crs %q: want wgs84 or cgcs2000; tiles in GCJ-02 or BD-09 lie hundreds of metres off", b.CRS)
	}
	if b.Attribution == "" {
		return errors.New("attribution is missing: say whose map it is")
	}
	if b.MinZoom < 0 || b.MaxZoom > 22 || b.MaxZoom < b.MinZoom || b.MaxZoom == 0 {
		return lifecircle.Errorf("config_invalid", "min_zoom %d, max_zoom %d: want zooms from 0 to 22", b.MinZoom, b.MaxZoom)
	}
	return nil
}

// ground is what the API serves maps on.
func (b *basemapConfig) ground() api.Ground {
	g := api.Ground{MapNumber: b.MapNumber, Hidden: b.Source == "none"}
	if b.Source == "service" {
		g.Outside = &api.Basemap{
			Kind: b.Kind, Tiles: b.Tiles, Attribution: b.Attribution, MapNumber: b.MapNumber, MinZoom: b.MinZoom, MaxZoom: b.MaxZoom,
		}
	}
	return g
}
