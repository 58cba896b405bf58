import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followJob, isOpen, jobQuery, jobsQuery } from '../../api/jobs';

/** A job as it goes on; after a reload it is found again, and when it ends the list knows. */
export function useFollowedJob(id: string) {
  const queries = useQueryClient();
  const job = useQuery({ ...jobQuery(id), enabled: id !== '' });
  const open = job.data !== undefined && isOpen(job.data);
  useEffect(() => {
    if (id === '' || !open) return undefined;
    return followJob(id, (now) => {
      queries.setQueryData(jobQuery(id).queryKey, now);
      if (!isOpen(now)) void queries.invalidateQueries({ queryKey: jobsQuery.queryKey, exact: true });
    });
  }, [id, open, queries]);
  return job;
}
