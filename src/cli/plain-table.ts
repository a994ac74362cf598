/** Of cli-table3: no colours, and no line between rows. */
export const plainTable = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};
