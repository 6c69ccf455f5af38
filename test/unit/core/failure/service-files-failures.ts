// One or more of every way in which --service-files fails.
import type { ServiceFilesFailure } from '../../../../src/core/failure/service-files-failure.ts';

type Kinds = ServiceFilesFailure['kind'];
type Table = { readonly [Kind in Kinds]: readonly Extract<ServiceFilesFailure, { kind: Kind }>[] };

const secret = { what: 'secret', name: 'token', target: '/run/secrets/token' } as const;
const config = { what: 'config', name: 'app', target: '/app.conf' } as const;

export const serviceFilesFailures: Table = {
  'service-files-of-task': [{ kind: 'service-files-of-task', service: 'api', container: 'shop_api.1.x' }],
  'service-files-unread': [{ kind: 'service-files-unread', service: 'web', reason: 'services.web must be a mapping' }],
  'service-files-elsewhere': [
    {
      kind: 'service-files-elsewhere',
      service: 'web',
      reason: 'its container was made from "-": that is no absolute path',
    },
  ],
  'service-files-too-many': [{ kind: 'service-files-too-many', service: 'web', reason: '1501, and 500 is the most' }],
  'service-file-taken': [{ kind: 'service-file-taken', ...secret }],
  'service-file-placeless': [{ kind: 'service-file-placeless', ...config, reason: "/ is not root's alone" }],
  'service-file-unreadable': [
    { kind: 'service-file-unreadable', ...secret, container: undefined, reason: '/x/token: there is no such file' },
    { kind: 'service-file-unreadable', ...secret, container: 'shop-web-1', reason: 'it is a link' },
  ],
};
