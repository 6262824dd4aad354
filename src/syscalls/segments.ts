/** Segments: what 32-bit programs say of their thread-local memory. */
import { int, struct, uint } from '../types/language.ts'

/** The bits behind `limit` are seen as one number: seg_32bit, contents, read_exec_only, limit_in_pages, seg_not_present, useable, lm. */
export const userDesc = struct('user_desc', { entry_number: int, base_addr: uint, limit: uint })
