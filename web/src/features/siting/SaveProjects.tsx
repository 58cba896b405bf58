import { useMutation } from '@tanstack/react-query';
import { sitingProjects } from '../../api/jobs';
import { csvOf } from '../../lib/csv';
import { saveFile } from '../../lib/save-file';
import { useTexts } from '../texts';

const columns = [
  'id', 'name', 'kind', 'area', 'lon', 'lat', 'premises', 'capacity', 'cost_yuan', 'cost_basis', 'cost_status', 'indicator', 'clause', 'served', 'state',
] as const;

/** The sites as drafts of projects, to go on with elsewhere. */
export function SaveProjects({ id }: { id: string }) {
  const { t, error: errorText } = useTexts();
  const save = useMutation({
    mutationFn: () => sitingProjects(id),
    onSuccess: ({ projects }) => {
      const rows = [columns, ...projects.map((project) => columns.map((column) => project[column]))];
      saveFile(new Blob([csvOf(rows)], { type: 'text/csv' }), `${t('siting.projectsFile')}.csv`);
    },
  });
  return (
    <div className="actions">
      <button type="button" disabled={save.isPending} onClick={() => { save.mutate(); }}>
        {t('siting.projects')}
      </button>
      {save.error && (
        <p className="field-error" role="alert">
          {errorText(save.error)}
        </p>
      )}
    </div>
  );
}
