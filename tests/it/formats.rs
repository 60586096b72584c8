//! Every input format: the same memo, the same sentences, the right places.
