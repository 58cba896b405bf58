import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { getReport, type ReportFormat, type ReportQuestion } from '../../api/reports';
import { saveFile } from '../../lib/save-file';
import { useTexts } from '../texts';

interface Props {
  question: Omit<ReportQuestion, 'lang'>;
  /** What the buttons hand over, such as “年度报告”. */
  title: string;
  formats: readonly ReportFormat[];
}

/** A button for each form of a report. A file takes seconds to make: it says so, and can be called off. */
export function Downloads({ question, title, formats }: Props) {
  const { t, language, error: errorText } = useTexts();
  const running = useRef<AbortController>(null);
  useEffect(() => () => { running.current?.abort(); }, []);
  const { mutate, isPending, variables, error, reset } = useMutation({
    mutationFn: (format: ReportFormat) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      return getReport({ ...question, lang: language }, format, controller.signal);
    },
    onSuccess: ({ content, name }) => { saveFile(content, name); },
  });
  const cancel = () => {
    running.current?.abort();
    reset();
  };
  return (
    <div className="downloads" role="group" aria-label={t('reports.download', { title })}>
      <span>{t('reports.download', { title })}</span>
      {formats.map((format) => (
        <button key={format} type="button" disabled={isPending} onClick={() => { mutate(format); }}>
          {t(`reports.format.${format}`)}
        </button>
      ))}
      <span role="status">{isPending && t('reports.making', { format: t(`reports.format.${variables}`) })}</span>
      {isPending && (
        <button type="button" onClick={cancel}>
          {t('reports.cancel')}
        </button>
      )}
      {error && <span role="alert" className="field-error">{errorText(error)}</span>}
    </div>
  );
}
