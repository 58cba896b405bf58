import type { Area, Plan, Workspace } from '../../api/types';
import type { UrlState } from '../../lib/url-state';
import type { Commit } from '../changes/useCommit';

/** What every screen is given: where the reader is, how to go on, and how to write. */
export interface Shell {
  workspace: Workspace;
  plan: Plan;
  areas: readonly Area[];
  /** The state of the URL with its area and period filled in. */
  state: UrlState;
  go: (step: Partial<UrlState>, how?: 'push' | 'replace') => void;
  linkTo: (step: Partial<UrlState>) => string;
  commit: Commit;
}
