import { JobList } from '../features/jobs/JobList';
import type { Shell } from '../features/shell/shell';

/** The long computations. */
export function JobsPage({ shell }: { shell: Shell }) {
  return <JobList shell={shell} />;
}
