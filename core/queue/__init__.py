"""Which run trains next, who may change that, and the processes that train."""
