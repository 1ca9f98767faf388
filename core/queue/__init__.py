"""Which run trains next, who may say so, and the processes that train."""
