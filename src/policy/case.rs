//! Rule cases (txtar) into assets, and their expectations.
