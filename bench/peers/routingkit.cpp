// Times RoutingKit (https://github.com/RoutingKit/RoutingKit) on a graph that
// `go run ./bench -only region -export R.gr` wrote. RoutingKit is no part of this
// project; from a checkout of it in which `make lib/libroutingkit.a` was run:
//
//	g++ -std=c++17 -O3 -march=native -DNDEBUG -Iinclude routingkit.cpp -o rkbench \
//	    lib/libroutingkit.a -fopenmp -lz
//	./rkbench R.gr
//
// Times are those of the processor, the least of three. Every 50th row of the matrix
// goes into the checksum, as in measure.go.
#include <routingkit/customizable_contraction_hierarchy.h>
#include <routingkit/contraction_hierarchy.h>
#include <routingkit/nested_dissection.h>
#include <cstdio>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

static double cpu() {
	timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static uint64_t mix(uint32_t a, uint32_t b, uint32_t c) {
	uint64_t h = a * 0x9e3779b97f4a7c15u ^ b * 0xc2b2ae3d27d4eb4fu ^ c * 0x165667b19e3779f9u;
	h ^= h >> 29;
	return h * 0xbf58476d1ce4e5b9u;
}

int main(int, char **argv) {
	std::string path = argv[1];
	FILE *f = fopen(path.c_str(), "r");
	unsigned n, m, v;
	if (!f || fscanf(f, "p %u %u", &n, &m) != 2) return 1;
	std::vector<float> lon(n), lat(n);
	std::vector<unsigned> tail(m), head(m), weight(m), places;
	for (unsigned i = 0; i < n; i++)
		if (fscanf(f, " v %f %f", &lon[i], &lat[i]) != 2) return 1;
	for (unsigned i = 0; i < m; i++)
		if (fscanf(f, " a %u %u %u", &tail[i], &head[i], &weight[i]) != 3) return 1;
	fclose(f);
	f = fopen((path + ".places").c_str(), "r");
	while (f && fscanf(f, "%u", &v) == 1) places.push_back(v);
	double t = cpu();
	auto order = RoutingKit::compute_nested_node_dissection_order_using_inertial_flow(n, tail, head, lat, lon);
	RoutingKit::CustomizableContractionHierarchy cch(order, tail, head);
	printf("index %.2f s, %zu arcs\n", cpu() - t, cch.up_head.size());
	double least = 1e9;
	for (int run = 0; run < 3; run++) {
		t = cpu();
		RoutingKit::CustomizableContractionHierarchyMetric metric(cch, weight);
		metric.customize();
		least = std::min(least, cpu() - t);
	}
	printf("customise %.1f ms\n", least * 1e3);
	RoutingKit::CustomizableContractionHierarchyMetric metric(cch, weight);
	metric.customize();
	least = 1e9;
	uint64_t sum = 0;
	for (int run = 0; run < 3; run++) {
		sum = 0;
		t = cpu();
		RoutingKit::CustomizableContractionHierarchyQuery query(metric);
		query.pin_targets(places);
		for (unsigned i = 0; i < places.size(); i++) {
			query.reset_source().add_source(places[i]).run_to_pinned_targets();
			auto d = query.get_distances_to_targets();
			if (i % 50 == 0)
				for (unsigned j = 0; j < d.size(); j++) sum += mix(i, j, d[j]);
		}
		least = std::min(least, cpu() - t);
	}
	printf("matrix, CCH: %.1f ms, checksum %016lx\n", least * 1e3, sum);
	t = cpu();
	auto ch = metric.build_contraction_hierarchy_using_perfect_witness_search();
	printf("perfect %.2f s\n", cpu() - t);
	least = 1e9;
	for (int run = 0; run < 3; run++) {
		sum = 0;
		t = cpu();
		RoutingKit::ContractionHierarchyQuery query(ch);
		query.pin_targets(places);
		for (unsigned i = 0; i < places.size(); i++) {
			query.reset_source().add_source(places[i]).run_to_pinned_targets();
			auto d = query.get_distances_to_targets();
			if (i % 50 == 0)
				for (unsigned j = 0; j < d.size(); j++) sum += mix(i, j, d[j]);
		}
		least = std::min(least, cpu() - t);
	}
	printf("matrix, perfect CH: %.1f ms, checksum %016lx\n", least * 1e3, sum);
}
