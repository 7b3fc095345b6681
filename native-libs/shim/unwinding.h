// SPDX-License-Identifier: Apache-2.0
// Whether an exception may be thrown here: one that meets a destructor or any other function that promised not to throw ends the
// process.
#pragma once

namespace puna {

// Whether an exception of the caller's would leave every function that the calling thread is in, up to the one that holds
// `until`, an object on its stack. Conservative: false as well where a handler would have caught it before it met the
// function that must not throw. Takes some microseconds, more where the stack is deep.
bool may_throw(const void * until);

}  // namespace puna
