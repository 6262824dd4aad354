/** Being told of what happens to files. */
import * as sets from '../abi/sets.ts'
import { call, dirfd, fd, flags, flags64, int, mixed, path, syscalls } from '../types/language.ts'
import { reorder } from './reorder.ts'

const events = reorder(sets.fan_event_flags, ['FAN_ONDIR', 'FAN_EVENT_ON_CHILD', 'FAN_RENAME'])
const marks = reorder(sets.fan_mark_flags, [
  'FAN_MARK_DONT_FOLLOW',
  'FAN_MARK_ONLYDIR',
  'FAN_MARK_MOUNT',
  'FAN_MARK_IGNORED_MASK',
  'FAN_MARK_IGNORED_SURV_MODIFY',
  'FAN_MARK_FLUSH',
  'FAN_MARK_FILESYSTEM',
  'FAN_MARK_MNTNS',
  'FAN_MARK_EVICTABLE',
  'FAN_MARK_IGNORE',
])

export const notificationCalls = syscalls({
  inotify_init: call({}, fd),
  inotify_init1: call({ flags: flags(sets.inotify_init_flags) }, fd),
  inotify_add_watch: call({ fd, pathname: path, mask: flags(sets.inotify_flags) }, int),
  inotify_rm_watch: call({ fd, wd: int }, int),
  fanotify_init: call(
    {
      flags: mixed(12, sets.fan_classes, sets.fan_init_flags),
      event_f_flags: mixed(3, sets.open_access_modes, sets.open_mode_flags),
    },
    fd,
  ),
  fanotify_mark: call(
    { fanotify_fd: fd, flags: flags(marks), mask: flags64(events), dirfd, pathname: path },
    int,
  ),
})
