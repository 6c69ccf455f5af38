// The parts of the privileged stage that a run of root's may need: they are loaded with it. entry-texts.ts has the others.
import type { StagePart } from '../../core/entry/stage-parts.ts';
import become from './stage/become.sh';
import child from './stage/child.sh';
import drop from './stage/drop.sh';
import hold from './stage/hold.sh';
import keep from './stage/keep.sh';
import launch from './stage/launch.sh';
import parent from './stage/parent.sh';
import prove from './stage/prove.sh';
import rootlessDrop from './stage/rootless-drop.sh';
import rootless from './stage/rootless.sh';
import settings from './stage/settings.sh';
import start from './stage/start.sh';
import tellFile from './stage/tell-file.sh';
import tell from './stage/tell.sh';
import viewFiles from './stage/view-files.sh';
import viewRoot from './stage/view-root.sh';
import viewContainer from './stage/view-container.sh';
import viewHost from './stage/view-host.sh';
import viewHidden from './stage/view-hidden.sh';
import viewMounts from './stage/view-mounts.sh';
import viewSearch from './stage/view-search.sh';
import view from './stage/view.sh';

export const stage = {
  start,
  child,
  prove,
  view,
  'view-container': viewContainer,
  'view-host': viewHost,
  'view-search': viewSearch,
  'view-mounts': viewMounts,
  'view-hidden': viewHidden,
  'view-files': viewFiles,
  'view-root': viewRoot,
  hold,
  launch,
  settings,
  parent,
  rootless,
  tell,
  'tell-file': tellFile,
  drop,
  'rootless-drop': rootlessDrop,
  keep,
  become,
} satisfies Partial<Record<StagePart, string>>;
